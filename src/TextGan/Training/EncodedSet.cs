namespace TextGan.Training;

/// <summary>A data set as rows of ids.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Texts">N training texts (of pairs the chosen ones), without pairs whose rows are equal.</param>
/// <param name="Rejected">N rejected texts, index-matched; null where there are none.</param>
/// <param name="HeldOut">M held-out texts (of pairs the chosen ones); there may be none.</param>
/// <param name="HeldOutRejected">M held-out rejected texts, index-matched; null where there are none.</param>
public sealed record EncodedSet(string Name, IdRows Texts, IdRows? Rejected, IdRows HeldOut, IdRows? HeldOutRejected = null) : IDisposable
{
    public static EncodedSet Of(string name, EncodedSide train, EncodedSide heldOut) =>
        new(name, train.Texts, train.Rejected, heldOut.Texts, heldOut.Rejected);

    public void Dispose()
    {
        Texts.Dispose();
        Rejected?.Dispose();
        HeldOut.Dispose();
        HeldOutRejected?.Dispose();
    }
}
