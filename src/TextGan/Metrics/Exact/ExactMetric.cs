namespace TextGan.Metrics.Exact;

/// <summary>Divergences of the generator from the truth, without sampling (<see cref="ExactMetricOptions"/>).</summary>
/// <param name="texts">All texts.</param>
/// <param name="truth">ln p of each.</param>
public sealed class ExactMetric(EnumeratedTexts texts, IReadOnlyList<double> truth) : IMetric
{
    public static readonly IReadOnlyList<string> Names =
        ["exact-kl", "exact-kl-reverse", "exact-tv", "exact-tv-bound", "exact-log-loss", "exact-outside"];

    public int? Samples(int drawn) => null;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var generator = texts.At(context).LogProbabilities();
        var kl = Distributions.Kl(truth, generator);
        double[] values =
        [
            kl, Distributions.Kl(Distributions.Within(generator, truth), truth), Distributions.TotalVariation(truth, generator),
            Math.Sqrt(Math.Max(0, kl) / 2), -Distributions.Mean(truth, i => generator[i]),
            Enumerable.Range(0, texts.Count).Where(i => double.IsNegativeInfinity(truth[i])).Sum(i => Math.Exp(generator[i])),
        ];
        return Names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
