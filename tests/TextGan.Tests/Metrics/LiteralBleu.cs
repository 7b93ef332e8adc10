namespace TextGan.Tests.Metrics;

/// <summary>
/// Sentence BLEU computed literally from its definition, independently of the library; slow.
/// </summary>
static class LiteralBleu
{
    public static double[] Scores(IReadOnlyList<int[]> references, int[] text, int maximumOrder) =>
        [.. Enumerable.Range(1, maximumOrder).Select(order => Score(references, text, order))];

    static double Score(IReadOnlyList<int[]> references, int[] text, int maximumOrder)
    {
        if (!text.Any(token => references.Any(reference => reference.Contains(token)))) return 0;
        var product = 1.0;
        for (var n = 1; n <= maximumOrder; n++)
        {
            var grams = NGrams(text, n);
            var matches = grams.Distinct().Sum(gram => Math.Min(
                grams.Count(other => other == gram),
                references.Max(reference => NGrams(reference, n).Count(other => other == gram))));
            product *= Math.Pow((matches == 0 ? 0.1 : matches) / Math.Max(1, grams.Count), 1.0 / maximumOrder);
        }
        var closest = references.Select(reference => reference.Length).OrderBy(length => Math.Abs(length - text.Length))
            .ThenBy(length => length).First();
        return product * (text.Length > closest ? 1 : Math.Exp(1 - (double)closest / text.Length));
    }

    public static List<string> NGrams(int[] text, int n) =>
        [.. Enumerable.Range(0, Math.Max(0, text.Length - n + 1)).Select(start => string.Join(' ', text.Skip(start).Take(n)))];
}
