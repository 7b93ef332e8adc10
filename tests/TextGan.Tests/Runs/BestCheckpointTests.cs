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

    /// <summary>Plots say which end is better; so does this.</summary>
    [TestCase("bleu-2")]
    [TestCase("self-bleu-2")]
    [TestCase("nll")]
    [TestCase("source-nll")]
    [TestCase("distinct-3")]
    [TestCase("helpful")]
    [TestCase("harmless")]
    [TestCase("grammatical")]
    [TestCase("length")]
    [TestCase("lm-score-n-gram")]
    [TestCase("reverse-lm-score-lstm")]
    [TestCase("n-gram-coverage-2")]
    [TestCase("n-gram-precision-2")]
    [TestCase("frechet-corpus")]
    [TestCase("mmd-corpus")]
    [TestCase("mauve-corpus")]
    [TestCase("sweep-best-temperature-bleu-5")]
    [TestCase("sweep-area-top-p-bleu-5")]
    [TestCase("sweep-point-temperature-0.5-nll-test")]
    public void AgreesWithThePlots(string metric) =>
        Assert.That(MetricDirection.HigherIsBetter(metric), Is.EqualTo(TextGan.Reporting.MetricFamily.Of(metric).HigherIsBetter));
}
