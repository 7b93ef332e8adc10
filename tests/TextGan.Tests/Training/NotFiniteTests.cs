using TextGan.Estimators;
using TextGan.Experiments;
using TextGan.Problems;
using TextGan.Tests.Experiments.Running;
using TextGan.Training;
using TextGan.Training.Guards;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

/// <summary>A run ends where a loss or a gradient is no number: before the weights follow it, and with a sentence that says what, when, and from where to go on.</summary>
public sealed class NotFiniteTests
{
    static readonly EstimatorOptions Gumbel = new GumbelSoftmaxOptions(), Reinforce = new ReinforceOptions();

    /// <summary>Its value is 0 and its gradient is not a number: 0 · √(x - x), whose derivative is 0 · ∞.</summary>
    static Tensor BadGradient(Tensor x) => (x - x.detach()).sqrt() * 0;

    static IEnumerable<TestCaseData> Faults()
    {
        static TestCaseData Case(string name, EstimatorOptions estimator, string term, bool learning, Func<Tensor, Tensor> fault) =>
            new TestCaseData(estimator, term, learning, fault).SetArgDisplayNames(name);
        yield return Case("Gumbel-softmax, NaN", Gumbel, "'term/faulty/raw' is NaN", false, logits => logits * double.NaN);
        yield return Case("Gumbel-softmax, infinite", Gumbel, "'term/faulty/raw' is Infinity", false, logits => logits - double.PositiveInfinity);
        yield return Case("Gumbel-softmax, gradient", Gumbel, "'generator/gradientNorm' is NaN", false, logits => logits + BadGradient(logits));
        yield return Case("REINFORCE, NaN", Reinforce, "'term/faulty/raw' is NaN", false, logits => logits * double.NaN);
        yield return Case("REINFORCE, infinite", Reinforce, "'term/faulty/raw' is -Infinity", false, logits => logits + double.PositiveInfinity);
        yield return Case("discriminator's loss, NaN", Reinforce, "'discriminator/faulty/loss' is NaN", true, logits => logits * double.NaN);
        yield return Case("discriminator's gradient", Reinforce, "'discriminator/faulty/gradientNorm' is NaN", true, logits => logits + BadGradient(logits));
    }

    [TestCaseSource(nameof(Faults))]
    public void StopsTheRunBeforeTheGeneratorSteps(EstimatorOptions estimator, string term, bool learning, Func<Tensor, Tensor> fault)
    {
        using var rig = new TrainingRig();
        var step = 0L;
        var options = TrainingRig.Experiment with
        {
            Estimator = estimator,
            Discriminators =
            [
                .. TrainingRig.Read("""{"kind":"bag","name":"sound","data":"texts","embedding":4,"hidden":5}"""),
                new ScriptedOptions { Name = "faulty", Data = "texts", Answer = (logits, learns) => step == 2 && learns == learning ? fault(logits) : logits.alias() },
            ],
            Training = TrainingRig.Experiment.Training with { Iterations = 9, CheckpointEvery = 1 },
        };
        using var parts = rig.Parts(options);
        var heard = new List<string>();
        var failure = Assert.Throws<RunFailedException>(() => rig.Train(options, parts, new SilentObserver { OnStep = (_, done) => step = done }))!;

        var good = new Checkpoint(rig.Checkpoints, "adversarial", 2);
        Assert.That(failure.Message, Is.EqualTo($"{term} at adversarial step 3; the last good checkpoint is {good.TensorFile}."));
        Assert.That(Checkpoint.In(rig.Checkpoints)[^1], Is.EqualTo(good), "nothing is stored after it");
        Assert.That(TrainingRig.Weights(parts.Generator), Is.EqualTo(rig.Stored(good)), "the generator did not step");
        Assert.That(rig.Stored(good), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void StopsTheDiscriminatorsPretraining([Values] bool gradient)
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Discriminators =
            [
                new ScriptedOptions
                {
                    Name = "faulty", Data = "texts", PretrainingSteps = 1,
                    Answer = (logits, learns) => learns ? gradient ? logits + BadGradient(logits) : logits * double.NaN : logits.alias(),
                },
            ],
        };
        var failure = Assert.Throws<RunFailedException>(() => rig.Train(options))!;
        Assert.That(failure.Message, Is.EqualTo($"'discriminator/faulty/{(gradient ? "gradientNorm" : "loss")}' is NaN at discriminator-pretraining step 1; there is no checkpoint before it."));
        Assert.That(Checkpoint.In(rig.Checkpoints), Is.Empty, "least of all one with such weights");
    }

    /// <summary>At whatever step it comes, the last included, and with held-out texts or without.</summary>
    [Test]
    public void StopsThePretrainingOfTheGenerator([Values("texts", "pairs")] string data, [Values(1, 2, 4)] int epochs)
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Pretraining = new PretrainingOptions { Data = data, Epochs = epochs, Batch = 8 },
        };
        using var generator = new TextGan.Experiments.Running.RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        using (no_grad())
            foreach (var parameter in generator.parameters()) parameter.mul_(double.NaN);
        var failure = Assert.Throws<RunFailedException>(() => rig.Pretrain(options, generator))!;
        Assert.That(failure.Message, Is.EqualTo("'generator/loss' is NaN at pretraining step 1; there is no checkpoint before it."));
        Assert.That(Checkpoint.In(rig.Checkpoints), Is.Empty);
    }

    [Test]
    public void TheLineThatEndedItIsInTheLog()
    {
        using var files = new TemporaryFiles();
        using var log = new MetricLog(files.PathOf("metrics.jsonl"));
        var watch = new GuardWatch(new GuardsOptions(), new Recorder(files.PathOf("samples"), files.PathOf("checkpoints"), 2, log, new SilentObserver()));
        Assert.That(watch.Allow(Phase.Adversarial, 1, new Dictionary<string, double> { ["total"] = 1 }), Is.True);
        Assert.That(MetricLog.ReadLines(files.PathOf("metrics.jsonl")), Is.Empty);
        var values = new Dictionary<string, double> { ["total"] = 1, ["term/d/raw"] = double.NegativeInfinity };
        Assert.That(Assert.Throws<RunFailedException>(() => watch.Allow(Phase.Adversarial, 7, values))!.Message,
            Is.EqualTo("'term/d/raw' is -Infinity at adversarial step 7; there is no checkpoint before it."));
        Assert.That(MetricLine.Parse(MetricLog.ReadLines(files.PathOf("metrics.jsonl")).Single()).Values, Is.EqualTo(values));
    }
}
