namespace TextGan.Reporting;

/// <summary>
/// What a run's log says of the conflict between the terms of its objective. A pair of a term and itself means the two halves of a batch:
/// there noise alone makes a cosine smaller than 1, or a conflict.
/// </summary>
public sealed class TermConflicts
{
    readonly RunLog log;

    public TermConflicts(RunLog log)
    {
        this.log = log;
        const string end = "/norm";
        Terms = [.. log.Names.Where(name => name.StartsWith(LogNames.Conflict, StringComparison.Ordinal)
            && name.EndsWith(end, StringComparison.Ordinal)).Select(name => name[LogNames.Conflict.Length..^end.Length])];
        Pairs = [.. from a in Enumerable.Range(0, Terms.Count) from b in Enumerable.Range(a + 1, Terms.Count - a - 1)
                    where Cosines(a, b) is not null select (a, b)];
    }

    /// <summary>The terms that were measured, in their order.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>Two different terms each, once, by their numbers; those that were ever compared.</summary>
    public IReadOnlyList<(int A, int B)> Pairs { get; }

    /// <summary>The same by names.</summary>
    public IEnumerable<(string A, string B)> NamedPairs => Pairs.Select(pair => (Terms[pair.A], Terms[pair.B]));

    /// <summary>The cosine of two terms, or of one with itself, where it was measured; null if it never was.</summary>
    public LogSeries? Cosines(int a, int b)
    {
        var found = log.Find(Phase.Adversarial, LogNames.Conflict + (a == b
            ? $"{Terms[a]}/halves" : $"{Terms[Math.Min(a, b)]}/{Terms[Math.Max(a, b)]}/cosine"));
        var finite = found?.Steps.Zip(found.Values).Where(point => double.IsFinite(point.Second)).ToArray();
        return finite is null or [] ? null
            : new([.. finite.Select(point => point.First)], [.. finite.Select(point => point.Second)]);
    }

    /// <summary>The mean of <see cref="Cosines"/>; NaN if there are none.</summary>
    public double MeanCosine(int a, int b) => Cosines(a, b) is { } found ? found.Values.Average() : double.NaN;

    /// <summary>The share of the measured iterations in which the cosine is below 0; NaN if there are none.</summary>
    public double Share(int a, int b) => ShareSoFar(a, b)?.LastValue ?? double.NaN;

    /// <summary>The same of two terms by name.</summary>
    public double ShareOf((string A, string B) pair) =>
        Pairs.Where(one => (Terms[one.A], Terms[one.B]) == pair).Select(one => Share(one.A, one.B)).FirstOrDefault(double.NaN);

    /// <summary>The share of the iterations up to each in which the cosine is below 0.</summary>
    public LogSeries? ShareSoFar(int a, int b)
    {
        if (Cosines(a, b) is not { } found) return null;
        var count = 0;
        return found with { Values = [.. found.Values.Select((cosine, i) => (double)(count += cosine < 0 ? 1 : 0) / (i + 1))] };
    }
}
