using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Updates.Losses;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;

namespace TextGan.Tests.Learning;

/// <summary>What a step of the loop logs of texts, policy, reference and critics.</summary>
public sealed class StepFiguresTests
{
    static readonly TextGan.Experiments.ExperimentOptions Experiment = TrainingRig.Experiment with
    {
        Discriminators = TrainingRig.Read("""{"kind":"bag","name":"judge","data":"texts","embedding":4,"hidden":5}"""),
    };

    static MetricLine[] Steps(MetricLine[] lines) => [.. lines.Where(line => line.Values.ContainsKey("total"))];

    static string[] Logged(MetricLine line) => [.. line.Values.Keys
        .Where(name => name.Split('/')[0] is "texts" or "policy" or "reference" or "critic").Order(StringComparer.Ordinal)];

    [Test]
    public void Ppo_with_a_kl_in_the_reward()
    {
        using var rig = new TrainingRig();
        var lines = Steps(rig.Train(Experiment with
        {
            Estimator = new PolicyGradientOptions
            {
                Loss = new ClippedLossOptions { Clip = 0.01 }, Epochs = 2, Minibatches = 2,
                Baseline = new CriticBaselineOptions { Lambda = 0.9, EveryPass = true, Clip = 0.2 },
            },
            Regularizers = new() { Kl = new KlRewardOptions { Weight = 0.1, Adaptive = new() { Target = 1e-4, Horizon = 80 } } },
        }));
        Assert.That(Logged(lines[0]), Is.EqualTo(new[]
        {
            "critic/judge/explainedVariance", "critic/judge/loss", "critic/kl/explainedVariance", "critic/kl/loss", "policy/clipped",
            "policy/entropy", "policy/klOld", "policy/ratio", "reference/klText", "reference/klToken", "texts/ended", "texts/length",
        }));
        var (first, last) = (lines[0].Values, lines[^1].Values);
        Assert.That(first["reference/klText"], Is.Zero.Within(1e-5), "the generator is the reference yet");
        Assert.That(first["term/kl/raw"], Is.EqualTo(first["reference/klText"]).Within(1e-6));
        Assert.That(last["reference/klText"], Is.Not.Zero.Within(1e-5));
        Assert.That(last["reference/klText"], Is.EqualTo(last["reference/klToken"] * last["texts/length"]).Within(1e-6));
        Assert.That(first["policy/entropy"], Is.EqualTo(Math.Log(8)).Within(0.3), "a fresh generator of 8 tokens");
        Assert.That(first["policy/ratio"], Is.EqualTo(1).Within(0.1));
        Assert.That(first["policy/klOld"], Is.Positive);
        Assert.That(first["policy/clipped"], Is.InRange(0.01, 0.99));
        // KL 0 of target 1e-4: the error is -0.2, and 8 of 80 texts are a tenth.
        Assert.That(lines[1].Values["term/kl/weight"] / first["term/kl/weight"], Is.EqualTo(0.98).Within(1e-9));
    }

    [Test]
    public void One_pass_has_no_ratio_and_a_kl_as_loss_tells_of_itself([Values] KlLossEstimator estimator)
    {
        using var rig = new TrainingRig();
        var lines = Steps(rig.Train(Experiment with
        {
            Estimator = new PolicyGradientOptions(),
            Regularizers = new() { Kl = new KlLossOptions { Weight = 0.1, Estimator = estimator } },
        }));
        Assert.That(Logged(lines[0]),
            Is.EqualTo(new[] { "policy/entropy", "reference/klText", "reference/klToken", "texts/ended", "texts/length" }));
        var last = lines[^1].Values;
        Assert.That(last["reference/klText"], Is.EqualTo(last["reference/klToken"] * last["texts/length"]).Within(1e-6));
        if (estimator == KlLossEstimator.Exact) Assert.That(last["reference/klToken"], Is.EqualTo(last["term/kl/raw"]).Within(1e-6));
        else Assert.That(last["term/kl/raw"], Is.Positive, "k2 and k3 are not negative");
    }

    [Test]
    public void Gumbel_softmax_tells_of_its_texts()
    {
        using var rig = new TrainingRig();
        Assert.That(Logged(Steps(rig.Train(Experiment with { Estimator = new PathwiseOptions() }))[0]),
            Is.EqualTo(new[] { "texts/ended", "texts/length" }));
    }

    /// <summary>With a length of 6 about half of the texts of a fresh generator of 8 tokens end.</summary>
    [TestCase(TruncatedTexts.Keep)]
    [TestCase(TruncatedTexts.Mask)]
    public void Most_texts_masked_is_said_once(TruncatedTexts truncated)
    {
        using var rig = new TrainingRig();
        var observer = new SilentObserver();
        var lines = Steps(rig.Train(Experiment with
        {
            Estimator = new PolicyGradientOptions { Truncated = truncated },
            Training = Experiment.Training with { Iterations = 20 },
        }, observer));
        Assert.That(lines.Count(line => line.Values["texts/ended"] < 0.5), Is.GreaterThan(1));
        var first = lines.First(line => line.Values["texts/ended"] < 0.5);
        string[] expected = truncated == TruncatedTexts.Keep ? [] :
        [
            $"{1 - first.Values["texts/ended"]:P0} of the texts of iteration {first.Step} did not end within the length and are masked " +
                "('estimator.truncated'); texts/ended in the log has the share of the others",
        ];
        Assert.That(observer.Messages.Where(message => message.Contains("did not end")), Is.EqualTo(expected));
    }
}
