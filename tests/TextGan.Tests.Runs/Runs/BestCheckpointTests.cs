using TextGan.Training;

namespace TextGan.Tests.Runs;

public class BestCheckpointTests
{
    [TestCase("bleu-4-news", null, 2)]
    [TestCase("distinct-4", null, 2)]
    [TestCase("grammatical", null, 2)]
    [TestCase("self-bleu-4", null, 3)]
    [TestCase("nll-news", null, 3)]
    [TestCase("length", Better.Higher, 2)]
    [TestCase("bleu-4-news", Better.Lower, 3)]
    public void KeepsTheBestStepWhicheverEndIsBetter(string metric, Better? better, long step)
    {
        var best = new BestCheckpointOptions { Metric = metric, Better = better }.Build();
        foreach (var (at, value) in ((long, double)[])[(1, 0.5), (2, 0.7), (3, 0.3), (4, double.NaN)])
            best.Evaluated(Phase.Adversarial, at, new Dictionary<string, double> { [metric] = value });
        Assert.That(best.Name, Is.EqualTo($"adversarial-{step:D8}"));
    }

    [TestCase("bleu-2", true)]
    [TestCase("self-bleu-2", false)]
    [TestCase("self-bleu-2 (500)", false)]
    [TestCase("nll", false)]
    [TestCase("source-nll", false)]
    [TestCase("model-perplexity-gpt2", false)]
    [TestCase("distinct-3", true)]
    [TestCase("helpful", true)]
    [TestCase("helpful-low", null)]
    [TestCase("even", true)]
    [TestCase("evening", null)]
    [TestCase("length", null)]
    [TestCase("error-rate", null, Description = "a plug-in's: a word within a name tells nothing")]
    [TestCase("lm-score-n-gram", false)]
    [TestCase("reverse-lm-score-lstm", false)]
    [TestCase("n-gram-coverage-2", true)]
    [TestCase("frechet-corpus", false)]
    [TestCase("mmd-corpus", false)]
    [TestCase("mauve-corpus", true)]
    [TestCase("sweep-best-temperature-bleu-5", false)]
    [TestCase("sweep-area-top-p-bleu-5", true)]
    [TestCase("sweep-point-temperature-0.5-nll-test", null)]
    [TestCase("exact-tv", false)]
    [TestCase("exact-outside", false)]
    [TestCase("exact-optimum-objective", true)]
    [TestCase("exact-optimum-gap", false)]
    [TestCase("exact-real-distance", false)]
    [TestCase("exact-real-reweighted-verdict", false)]
    [TestCase("exact-real-energy-kl", false)]
    [TestCase("exact-real-correlation", true)]
    [TestCase("exact-real-advantage", null)]
    [TestCase("exact-real-power", null)]
    [TestCase("exact-tv-advantage", null, Description = "of a discriminator 'tv'")]
    public void Names_tell_which_end_is_better(string metric, bool? isHigher) =>
        Assert.That(MetricDirection.HigherIsBetter(metric), Is.EqualTo(isHigher));

    [Test]
    public void All_of_the_metric_exact_tell() => Assert.That(
        TextGan.Metrics.Exact.ExactMetric.Names.Where(name => MetricDirection.HigherIsBetter(name) != false), Is.Empty);
}
