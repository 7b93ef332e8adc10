namespace TextGan.Metrics.Exact;

/// <summary>The generator against the optimum of its objective (<see cref="ExactOptimumMetricOptions"/>).</summary>
/// <param name="texts">All texts.</param>
/// <param name="beta">β, above 0.</param>
public sealed class ExactOptimumMetric(EnumeratedTexts texts, double beta) : IMetric
{
    public static readonly IReadOnlyList<string> Names =
        ["exact-optimum-gap", "exact-optimum-kl", "exact-optimum-tv", "exact-optimum-objective"];

    public bool Measures(EvaluationContext context) => context is { Judges.Count: > 0, Reference: not null };

    public int? Samples(int drawn) => null;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var (own, reference) = (texts.At(context).LogProbabilities(), texts.LogProbabilities(context.Reference!));
        var rewards = new double[texts.Count]; // Σ_k w_k r_k
        foreach (var judge in context.Judges)
            foreach (var (i, reward) in texts.Each(judge.Rewards).Index()) rewards[i] += judge.Weight * reward;
        var optimum = Distributions.Normalized([.. reference.Select((log, i) => log + rewards[i] / beta)]);
        double[] values =
        [
            Distributions.Kl(own, optimum), Distributions.Kl(optimum, own), Distributions.TotalVariation(own, optimum),
            Distributions.Mean(own, i => rewards[i]) - beta * Distributions.Kl(own, reference),
        ];
        return Names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
