namespace TextGan.Metrics.Exact;

/// <summary>Curves of discriminators against the truth (<see cref="ExactCurvesMetricOptions"/>).</summary>
/// <param name="texts">All texts.</param>
/// <param name="truth">ln p of each.</param>
public sealed class ExactCurvesMetric(EnumeratedTexts texts, IReadOnlyList<double> truth) : IMetric
{
    /// <summary>Groups of texts.</summary>
    public const int Groups = 10;

    public bool Measures(EvaluationContext context) => context is { Judges.Count: > 0, IsEnd: true };

    public int? Samples(int drawn) => null;

    public string WhyMissing(string name) => "no text is in this group";

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var generator = texts.At(context).LogProbabilities();
        var best = new OptimalDiscriminator(truth, generator);
        int[] known = [.. Enumerable.Range(0, texts.Count).Where(i => !double.IsNegativeInfinity(truth[i])).OrderBy(i => truth[i])];
        var values = new Dictionary<string, double>();
        foreach (var judge in context.Judges)
        {
            var logits = texts.At(context).Scores(judge);
            var energies = ExactDiscriminatorsMetric.EnergiesOf(logits, generator, judge.IsStructured);
            var shift = Distributions.Mean(truth, i => truth[i] - energies[i]);
            for (var group = 1; group <= Groups; group++)
            {
                int[] alike = [.. Enumerable.Range(0, texts.Count)
                    .Where(i => Math.Clamp((int)(best.Probability(i) * Groups), 0, Groups - 1) == group - 1)];
                var weight = alike.Sum(best.Weight);
                Put("optimal", alike.Sum(i => best.Weight(i) * best.Probability(i)) / weight);
                Put("learnt", alike.Sum(i => best.Weight(i) * OptimalDiscriminator.Sigmoid(logits[i])) / weight);
                var likely = known[(known.Length * (group - 1) / Groups)..(known.Length * group / Groups)];
                double[] own = [.. likely.Select(i => energies[i] + shift)];
                var mean = own.Length == 0 ? double.NaN : own.Average();
                Put("log-p", likely.Length == 0 ? double.NaN : likely.Average(i => truth[i]));
                Put("energy", mean);
                Put("energy", own.Length == 0 ? double.NaN : Math.Sqrt(own.Average(one => (one - mean) * (one - mean))), "-deviation");

                void Put(string name, double value, string end = "") => values[$"exact-{judge.Name}-{name}-{group}{end}"] = value;
            }
        }
        return values;
    }
}
