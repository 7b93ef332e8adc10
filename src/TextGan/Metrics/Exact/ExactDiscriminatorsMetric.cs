namespace TextGan.Metrics.Exact;

/// <summary>Discriminators against the best one that there could be (<see cref="ExactDiscriminatorsMetricOptions"/>).</summary>
/// <param name="texts">All texts.</param>
/// <param name="truth">ln p of each.</param>
public sealed class ExactDiscriminatorsMetric(EnumeratedTexts texts, IReadOnlyList<double> truth) : IMetric
{
    public bool Measures(EvaluationContext context) => context.Judges.Count > 0;

    public int? Samples(int drawn) => null;

    public string WhyMissing(string name) => "the discriminator gives all texts the same score";

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var generator = texts.At(context).LogProbabilities();
        var values = new Dictionary<string, double>();
        foreach (var judge in context.Judges)
            foreach (var (name, value) in ValuesOf(texts.At(context).Scores(judge), generator, judge.IsStructured))
                values[$"exact-{judge.Name}-{name}"] = value;
        return values;
    }

    IEnumerable<(string Name, double Value)> ValuesOf(double[] logits, double[] generator, bool isStructured)
    {
        double Advantage(Func<int, double> test) => Distributions.Mean(truth, test) - Distributions.Mean(generator, test);
        double Verdict(int i) => (1 + Math.Sign(logits[i])) / 2.0; // a tie counts half
        double LogLoss((double Power, double[] Reweighted) best) => -Distributions.Mean(truth, i => best.Reweighted[i]);

        var best = new OptimalDiscriminator(truth, generator);
        yield return ("distance", best.Mean(i => Math.Abs(OptimalDiscriminator.Sigmoid(logits[i]) - best.Probability(i))));
        yield return ("advantage", Advantage(Verdict));
        yield return ("advantage-soft", Advantage(i => OptimalDiscriminator.Sigmoid(logits[i])));

        var reweighted = Distributions.BestPower(truth, generator, logits);
        yield return ("reweighted", LogLoss(reweighted));
        yield return ("power", reweighted.Power);
        yield return ("reweighted-verdict",
            LogLoss(Distributions.BestPower(truth, generator, [.. Enumerable.Range(0, texts.Count).Select(Verdict)])));

        var energies = EnergiesOf(logits, generator, isStructured);
        var (mean, spread) = Distributions.Spread(truth, i => energies[i]);
        var (meanOfTruth, spreadOfTruth) = Distributions.Spread(truth, i => truth[i]);
        var together = Distributions.Mean(truth, i => (energies[i] - mean) * (truth[i] - meanOfTruth));
        yield return ("deviation", Distributions.Spread(truth, i => energies[i] - truth[i]).Deviation);
        yield return ("correlation", spread * spreadOfTruth < 1e-12 ? double.NaN : together / (spread * spreadOfTruth));
        yield return ("spread", spread);
        yield return ("energy-kl", Distributions.Kl(truth, Distributions.Normalized(energies)));
    }

    /// <summary>f of each text: the logit, of a structured discriminator without -ln q.</summary>
    public static double[] EnergiesOf(double[] logits, double[] generator, bool isStructured) =>
        isStructured ? [.. logits.Zip(generator, (logit, log) => logit + log)] : logits;
}
