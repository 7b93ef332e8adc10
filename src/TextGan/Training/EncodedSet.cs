using TextGan.Data;
using TextGan.Tokenization;

namespace TextGan.Training;

/// <summary>A data set as rows of ids.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Texts">N training texts (of pairs the chosen ones).</param>
/// <param name="Rejected">N rejected texts, index-matched; null where there are none.</param>
/// <param name="HeldOut">M held-out texts (of pairs the chosen ones); there may be none.</param>
/// <param name="HeldOutRejected">M held-out rejected texts, index-matched; null where there are none.</param>
public sealed record EncodedSet(string Name, IdRows Texts, IdRows? Rejected, IdRows HeldOut, IdRows? HeldOutRejected = null) : IDisposable
{
    public static EncodedSet Of(DataSet data, TextEncoder encoder) => new(
        data.Name,
        IdRows.Of(data.Train.Texts, data.Train.Streamed, encoder),
        data.Train.Rejected is { } rejected ? IdRows.Of(rejected, data.Train.Streamed, encoder) : null,
        IdRows.Of(data.HeldOut.Texts, data.HeldOut.Streamed, encoder),
        data.HeldOut.Rejected is { } rejectedHeldOut ? IdRows.Of(rejectedHeldOut, data.HeldOut.Streamed, encoder) : null);

    public void Dispose()
    {
        Texts.Dispose();
        Rejected?.Dispose();
        HeldOut.Dispose();
        HeldOutRejected?.Dispose();
    }
}
