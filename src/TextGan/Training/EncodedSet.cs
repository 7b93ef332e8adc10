using TextGan.Data;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Training;

/// <summary>A data set as rows of ids on the CPU.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Texts">[N,T] int64: training texts (of pairs the chosen ones).</param>
/// <param name="Rejected">[N,T] int64: rejected texts, index-matched; null where there are none.</param>
/// <param name="HeldOut">[M,T] int64: held-out texts; M may be 0.</param>
public sealed record EncodedSet(string Name, Tensor Texts, Tensor? Rejected, Tensor HeldOut) : IDisposable
{
    public static EncodedSet Of(DataSet data, TextEncoder encoder) => new(
        data.Name,
        encoder.Encode(data.Train.Texts).DetachFromDisposeScope(),
        data.Train.Rejected is { } rejected ? encoder.Encode(rejected).DetachFromDisposeScope() : null,
        encoder.Encode(data.HeldOut.Texts).DetachFromDisposeScope());

    public void Dispose()
    {
        Texts.Dispose();
        Rejected?.Dispose();
        HeldOut.Dispose();
    }
}
