using TextGan.Metrics.Rankers;

namespace TextGan.Metrics;

/// <summary>Where ranked strings come from.</summary>
/// <param name="Name">In the names of values.</param>
/// <param name="Strings">Token ids; null: the generator writes them.</param>
public sealed record RankedSource(string Name, IReadOnlyList<int[]>? Strings);

/// <summary>How teachers rank strings of several sources (<see cref="RankingMetricOptions"/>).</summary>
/// <param name="sources">From the one that should rank highest to the lowest.</param>
/// <param name="teachers">Disposed of with this.</param>
/// <param name="wanted">Strings of the generator.</param>
/// <param name="tokens">Tokens of each.</param>
/// <param name="encoder">Gives the tokens of generated texts.</param>
/// <param name="batchSize">Texts that are drawn at a time.</param>
public sealed class RankingMetric(IReadOnlyList<RankedSource> sources, IReadOnlyList<(string Name, Ranker Ranker)> teachers, int wanted,
    int tokens, TextEncoder encoder, int batchSize) : IMetric, IDisposable
{
    public const string Kind = "ranking";

    /// <summary>If few texts are long enough, so many times the wanted number are drawn at most.</summary>
    const int MostDraws = 20;

    static readonly string[] SourceNames = ["real", "student", "n-gram", "uniform"];

    int written;

    /// <summary>The names of all values, in their order.</summary>
    public static IReadOnlyList<string> NamesOf(IReadOnlyList<string> teachers) =>
    [
        .. from source in SourceNames from teacher in teachers from end in (string[])["", "-error"] select ScoreOf(source, teacher) + end,
        .. from pair in SourceNames.Zip(SourceNames.Skip(1)) from teacher in teachers from end in (string[])["", "-error"]
           select AucOf(pair.First, pair.Second, teacher) + end,
        .. from pair in Pairs(teachers.Count) from end in (string[])["", "-low", "-high"]
           select SpearmanOf(teachers[pair.First], teachers[pair.Second]) + end,
    ];

    static string ScoreOf(string source, string teacher) => $"{Kind}-score-{source}-{teacher}";

    static string AucOf(string first, string second, string teacher) => $"{Kind}-auc-{first}-{second}-{teacher}";

    static string SpearmanOf(string first, string second) => $"{Kind}-spearman-{first}-{second}";

    static IEnumerable<(int First, int Second)> Pairs(int count) =>
        from first in Enumerable.Range(0, count) from second in Enumerable.Range(first + 1, count - first - 1) select (first, second);

    public string? Finding => "ranking: " + string.Join(", ", sources.Select(source =>
        $"{source.Name} {(source.Strings is null ? $"at most {wanted:N0}" : $"{source.Strings.Count:N0}")}")) +
        $" strings of {Amount.Of(tokens, "token")}";

    public int? Samples(int drawn) => written;

    public string WhyMissing(string name) => written < 2 ? $"fewer than two generated texts have {Amount.Of(tokens, "token")}"
        : "a teacher gave no score: a string has none of its tokens, or the adversarial phase has not begun";

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        IReadOnlyList<int[]>[] strings = [.. sources.Select(source => source.Strings ?? Written(context))];
        // [teacher][source][string]
        double[][][] scores =
            [.. teachers.Select(teacher => strings.Select(own => teacher.Ranker.Scores(own, context).ToArray()).ToArray())];
        var values = new Dictionary<string, double>();
        for (var source = 0; source < sources.Count; source++)
            for (var teacher = 0; teacher < teachers.Count; teacher++)
                Add(ScoreOf(sources[source].Name, teachers[teacher].Name), MeanAndError.Of(scores[teacher][source]));
        for (var source = 0; source + 1 < sources.Count; source++)
            for (var teacher = 0; teacher < teachers.Count; teacher++)
                Add(AucOf(sources[source].Name, sources[source + 1].Name, teachers[teacher].Name),
                    RankStatistic.AucAndError(scores[teacher][source], scores[teacher][source + 1]));
        foreach (var (first, second) in Pairs(teachers.Count))
        {
            double[] one = [.. scores[first].SelectMany(own => own)], other = [.. scores[second].SelectMany(own => own)];
            var name = SpearmanOf(teachers[first].Name, teachers[second].Name);
            values[name] = RankCorrelation.Spearman(one, other);
            (values[name + "-low"], values[name + "-high"]) = RankCorrelation.Interval(values[name], one.Length);
        }
        return values;

        void Add(string name, (double Value, double Error) found) => (values[name], values[name + "-error"]) = found;
    }

    /// <summary>The beginnings of the evaluation's samples, and of further ones where those are too few.</summary>
    List<int[]> Written(EvaluationContext context)
    {
        var found = new List<int[]>();
        Take(context.Tokens);
        for (var from = 0; found.Count < wanted && context.Draw is { } draw && from < (long)wanted * MostDraws; from += batchSize)
            Take(encoder.Responses(draw(context.Generator, Kind, from, batchSize)));
        written = found.Count;
        return found;

        void Take(IEnumerable<int[]> texts) =>
            found.AddRange(texts.Where(ids => ids.Length >= tokens).Take(wanted - found.Count).Select(ids => ids[..tokens]));
    }

    public void Dispose()
    {
        foreach (var (_, ranker) in teachers) (ranker as IDisposable)?.Dispose();
    }
}
