namespace TextGan.Tokenization;

/// <summary>
/// Cuts a text into parts that a subword library encodes one by one, for two reasons. A special token that is spelt out in a
/// text must be read as ordinary text, so the text is cut inside of it. And the libraries take quadratic time for a run without
/// blanks, so very long runs are cut. The parts together are the text.
/// </summary>
internal static class TextCuts
{
    // Far above any word of a language, and encoded in about a millisecond.
    const int LongestRun = 1024;

    /// <summary>The parts of a text, in order.</summary>
    /// <param name="text">Well-formed Unicode.</param>
    /// <param name="specials">
    /// Special tokens that end in two characters of punctuation, as "&lt;|endoftext|&gt;" does. The cut is before these two: there
    /// a byte-level tokenizer ends a piece anyway, so the ids are those of the ordinary text.
    /// </param>
    public static IReadOnlyList<string> Parts(string text, IReadOnlyCollection<string> specials)
    {
        var cuts = new SortedSet<int>();
        foreach (var special in specials)
        {
            for (var at = text.IndexOf(special, StringComparison.Ordinal); at >= 0;
                at = text.IndexOf(special, at + 1, StringComparison.Ordinal))
                cuts.Add(at + special.Length - 2);
        }
        if (text.Length > LongestRun) AddLongRuns(text, cuts);
        if (cuts.Count == 0) return [text];
        var parts = new List<string>(cuts.Count + 1);
        var start = 0;
        foreach (var cut in cuts.Append(text.Length))
        {
            parts.Add(text[start..cut]);
            start = cut;
        }
        return parts;
    }

    static void AddLongRuns(string text, SortedSet<int> cuts)
    {
        var runStart = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) != char.IsWhiteSpace(text[i - 1])) runStart = i;
            if (i - runStart < LongestRun || char.IsLowSurrogate(text[i])) continue;
            cuts.Add(i);
            runStart = i;
        }
    }
}
