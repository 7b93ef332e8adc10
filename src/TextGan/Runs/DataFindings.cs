using TextGan.Runs.Format;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>The sentences about data, and from which share on each is a warning.</summary>
internal static class DataFindings
{
    const double WarnFrom = 0.01;

    /// <summary>So many of so many things.</summary>
    sealed record Part(long Number, long Of, string Things)
    {
        public double Share => Of == 0 ? 0 : (double)Number / Of;
    }

    /// <param name="name">The data set.</param>
    /// <param name="counts">Its counts.</param>
    /// <param name="encoder">Tokenizer and row length.</param>
    /// <param name="isDrawn">Whether the program draws the set itself: then only what is left out is said.</param>
    public static IEnumerable<DataFinding> Of(string name, DataSetCounts counts, TextEncoder encoder, bool isDrawn)
    {
        if (!isDrawn)
        {
            var empty = OfTexts(counts, texts => texts.Empty);
            if (empty.Length > 0)
                yield return new(IsMuch(empty, WarnFrom),
                    $"data '{name}': {List(empty)} {Have(empty)} no token (empty, or only what the tokenizer removes)");
            if (CutPrompts(name, counts, encoder) is { } cutPrompts) yield return cutPrompts;
            if (Cut(name, counts, encoder) is { } cut) yield return cut;
            if (Unknown(name, counts) is { } unknown) yield return unknown;
        }
        Part[] equal = Some(new(counts.Train.EqualPairs, counts.Train.Texts.Count, "pairs"),
            new(counts.HeldOut.EqualPairs, counts.HeldOut.Texts.Count, "held-out pairs"));
        if (equal.Length > 0)
            yield return new(!isDrawn && IsMuch(equal, WarnFrom),
                $"data '{name}': {List(equal)} {Be(equal)} equal after encoding (cut, or of unknown words) and {Be(equal)} skipped");
    }

    static DataFinding? CutPrompts(string name, DataSetCounts counts, TextEncoder encoder)
    {
        static Part Of(EncodedSideCounts side, string things) => new(side.CutPrompts ?? 0, side.Prompts ?? 0, things);
        var cut = Some(Of(counts.Train, "prompts"), Of(counts.HeldOut, "held-out prompts"));
        return cut.Length == 0 ? null
            : new(IsMuch(cut, WarnFrom),
                $"data '{name}': {List(cut)} {Be(cut)} longer than {encoder.PromptLength:N0} tokens ('promptLength'); the last " +
                $"{encoder.PromptLength:N0} are kept");
    }

    static DataFinding? Cut(string name, DataSetCounts counts, TextEncoder encoder)
    {
        var (cut, full) = (OfTexts(counts, texts => texts.Cut), OfTexts(counts, texts => texts.Full));
        // Each prompt leaves another room.
        var room = counts.Train.Prompts is null ? $"{encoder.Length:N0} tokens" : $"what their prompts leave of {encoder.Length:N0} tokens";
        if (cut.Length == 0)
            return full.Length == 0 ? null
                : new(false, $"data '{name}': {List(full)} {Have(full)} exactly {room}: nothing is cut, but there is no room for an end");
        var end = encoder.Tokenizer.EndId is null ? "" : "; a cut text has no end";
        var others = full.Length == 0 ? "" : $", nor {Have(full)} {full.Sum(part => part.Number):N0} of exactly {room}";
        return new(IsMuch(cut, WarnFrom), $"data '{name}': {List(cut)} {Be(cut)} longer than {room} and {Be(cut)} cut{end}{others}");
    }

    static DataFinding? Unknown(string name, DataSetCounts counts)
    {
        static Part Of(EncodedSideCounts side, string things) =>
            new(side.Texts.Unknown + (side.Rejected?.Unknown ?? 0), side.Texts.Tokens + (side.Rejected?.Tokens ?? 0), things);
        var parts = Some(Of(counts.Train, "tokens"), Of(counts.HeldOut, "held-out tokens"));
        if (parts.Length == 0) return null;
        var list = Join(parts.Select(part => $"{One(part)} ({part.Share * 100:0.0}%)"));
        return new(IsMuch(parts, UnknownTokens.WarnFrom),
            $"data '{name}': {list} {Be(parts)} unknown: the vocabulary does not have {(IsOne(parts) ? "it" : "them")}");
    }

    /// <param name="unused">Tokens that no training row has.</param>
    /// <param name="size">V.</param>
    public static DataFinding UnusedVocabulary(long unused, int size)
    {
        Part[] part = [new(unused, size, "tokens of the vocabulary")];
        return new(IsMuch(part, WarnFrom), $"tokenizer: {List(part)} {(unused == 1 ? "occurs" : "occur")} only in text that is cut away");
    }

    /// <param name="name">The data set whose held-out texts were looked at.</param>
    /// <param name="trained">The data set whose training texts have them.</param>
    /// <param name="texts">The held-out texts (of pairs the chosen and the rejected ones), after all of those training texts were looked
    /// up.</param>
    public static DataFinding HeldOutInTraining(string name, string trained, HeldOutTexts texts)
    {
        Part[] part = [new(texts.Found, texts.Count, texts.IsSample ? "held-out texts that were looked at" : "held-out texts")];
        var where = trained == name ? "" : $" of '{trained}'";
        return new(IsMuch(part, WarnFrom),
            $"data '{name}': {List(part)} {Be(part)} also {(texts.Found == 1 ? "a training text" : "training texts")}{where}");
    }

    static Part[] OfTexts(DataSetCounts counts, Func<EncodedTextCounts, long> number)
    {
        Part Of(EncodedTextCounts? texts, string things) => new(texts is null ? 0 : number(texts), texts?.Count ?? 0, things);
        var kind = counts.Train.Rejected is null ? "" : "chosen ";
        return Some(Of(counts.Train.Texts, $"{kind}texts"), Of(counts.Train.Rejected, "rejected texts"),
            Of(counts.HeldOut.Texts, $"held-out {kind}texts"), Of(counts.HeldOut.Rejected, "held-out rejected texts"));
    }

    static Part[] Some(params Part[] parts) => [.. parts.Where(part => part.Number > 0)];

    static bool IsMuch(Part[] parts, double share) => parts.Any(part => part.Share >= share);

    static string List(Part[] parts) => Join(parts.Select(One));

    static string One(Part part) => $"{part.Number:N0} of {part.Of:N0} {part.Things}";

    static string Join(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length < 2 ? all[0] : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    static bool IsOne(Part[] parts) => parts is [{ Number: 1 }];

    static string Have(Part[] parts) => IsOne(parts) ? "has" : "have";

    static string Be(Part[] parts) => IsOne(parts) ? "is" : "are";
}
