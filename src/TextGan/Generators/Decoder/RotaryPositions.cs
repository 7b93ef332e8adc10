using TextGan.Native;
using TorchSharp;

namespace TextGan.Generators.Decoder;

/// <summary>
/// Rotary positions (2104.09864) with the halves of a head as pairs, as Hugging Face's Llama has them. The table grows on demand.
/// It is no part of the model's state: tensors that are fields of a module would be saved with it.
/// </summary>
sealed class RotaryPositions(int headSize, double theta, RotaryScaling? scaling) : IDisposable
{
    Tensor? cosine; // [L,D]
    Tensor? sine; // [L,D]

    /// <summary>
    /// The angles of positions <paramref name="start"/> … start + steps − 1, on the device and of the type of <paramref name="like"/>.
    /// </summary>
    public RotaryTurn Range(int start, int steps, Tensor like)
    {
        if (cosine is null || sine is null || cosine.shape[0] < start + steps || cosine.dtype != like.dtype
            || DeviceCopy.IsNeeded(cosine, like.device))
            (cosine, sine) = Build(Math.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(start + steps))), like);
        return new RotaryTurn(start, cosine.narrow(0, start, steps), sine.narrow(0, start, steps));
    }

    (Tensor Cosine, Tensor Sine) Build(int length, Tensor like)
    {
        Dispose();
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        // [D/2], θ^(-2i/D)
        var frequency = (arange(Held(0), Held(headSize), Held(2), ScalarType.Float64) * Held(-Math.Log(theta) / headSize)).exp();
        if (scaling is not null) frequency = scaling.Scale(frequency);
        var angle = outer(Indices(length, ScalarType.Float64), frequency); // [L,D/2]
        var (cos, sin) = (angle.cos(), angle.sin());
        return (cat([cos, cos], 1).to(like.dtype, like.device).DetachFromDisposeScope(),
            cat([-sin, sin], 1).to(like.dtype, like.device).DetachFromDisposeScope());
    }

    public void Dispose()
    {
        cosine?.Dispose();
        sine?.Dispose();
        (cosine, sine) = (null, null);
    }
}
