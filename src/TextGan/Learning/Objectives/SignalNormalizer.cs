using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Learning.Objectives;

/// <summary>
/// z = (s - mean)/deviation with running statistics of one discriminator's signal, so that no discriminator outweighs the
/// others by its scale alone (GDPO, 2601.05242). The statistics used are those of earlier batches (of the first batch at
/// the first call), hence independent of the batch they are applied to; they are constants for the gradient.
/// </summary>
public sealed class SignalNormalizer(double decay) : IStateful, IDisposable
{
    const double SmallestDeviation = 1e-4;

    // Kept where the signal lives, so that a step reads nothing back from the device.
    Tensor? mean;
    Tensor? variance;

    /// <summary>A signal of any shape → the same shape, normalised. <paramref name="counted"/> (same shape or null) marks what enters the statistics.</summary>
    public Tensor Normalize(Tensor signal, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        var (batchMean, batchVariance) = Moments(signal.detach(), counted);
        var finite = batchMean.Plus(batchVariance).isfinite(); // [] bool: of a batch that is not, nothing may stay in the statistics
        if (mean is null || variance is null)
        {
            mean = where(finite, batchMean, zeros_like(batchMean)).DetachFromDisposeScope();
            variance = where(finite, batchVariance, ones_like(batchVariance)).DetachFromDisposeScope();
        }
        var normalized = (signal - mean) / variance.sqrt().clamp_min(Held(SmallestDeviation));
        Replace(ref mean, where(finite, (mean * Held(decay)).Plus(batchMean * Held(1 - decay)), mean));
        Replace(ref variance, where(finite, (variance * Held(decay)).Plus(batchVariance * Held(1 - decay)), variance));
        return normalized.MoveToOuterDisposeScope();
    }

    static (Tensor Mean, Tensor Variance) Moments(Tensor signal, Tensor? counted)
    {
        using var _ = no_grad();
        counted ??= ones_like(signal);
        var count = counted.sum().clamp_min(Held(1));
        var mean = (signal * counted).sum() / count;
        return (mean, ((signal - mean).Squared() * counted).sum() / count);
    }

    static void Replace(ref Tensor held, Tensor value)
    {
        var old = held;
        held = value.detach().DetachFromDisposeScope();
        old.Dispose();
    }

    public void Save(StateBag bag)
    {
        if (mean is null || variance is null) return;
        bag.Put("mean", mean);
        bag.Put("variance", variance);
    }

    public void Load(StateBag bag)
    {
        Dispose();
        (mean, variance) = (null, null);
        if (!bag.Has("mean")) return;
        mean = bag.GetTensor("mean").clone().DetachFromDisposeScope();
        variance = bag.GetTensor("variance").clone().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        mean?.Dispose();
        variance?.Dispose();
    }
}
