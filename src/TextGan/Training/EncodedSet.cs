using TextGan.Data;
using TextGan.Native;
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
    public static EncodedSet Of(DataSet data, TextEncoder encoder)
    {
        using var unfinished = new Unfinished();
        IdRows Rows(IReadOnlyList<string> texts, DataSplit split) => unfinished.Add(IdRows.Of(texts, split.Streamed, encoder));
        return unfinished.Finish(new EncodedSet(
            data.Name,
            Rows(data.Train.Texts, data.Train),
            data.Train.Rejected is { } rejected ? Rows(rejected, data.Train) : null,
            Rows(data.HeldOut.Texts, data.HeldOut),
            data.HeldOut.Rejected is { } rejectedHeldOut ? Rows(rejectedHeldOut, data.HeldOut) : null));
    }

    public void Dispose()
    {
        Texts.Dispose();
        Rejected?.Dispose();
        HeldOut.Dispose();
        HeldOutRejected?.Dispose();
    }
}
