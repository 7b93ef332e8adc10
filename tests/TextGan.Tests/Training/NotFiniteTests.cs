using TextGan.Experiments;
using TextGan.Generators;
using TextGan.Learning;
using TextGan.Optimizers;
using TextGan.Storage;
using TextGan.Tests.Runs;
using TextGan.Tests.Generators;
using TextGan.Training.Guards;
using TextGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

/// <summary>
/// A run ends where a loss or a gradient is not finite: before the weights follow it, and with a sentence that says what, when, and from
/// where to go on.
/// </summary>
public sealed class NotFiniteTests
{
    static readonly EstimatorOptions Gumbel = new PathwiseOptions(), Reinforce = new PolicyGradientOptions();

    /// <summary>Its value is 0 and its gradient is not a number: 0 · √(x - x), whose derivative is 0 · ∞.</summary>
    static Tensor BadGradient(Tensor x) => (x - x.detach()).sqrt() * 0;

    static IEnumerable<TestCaseData> Faults()
    {
        static TestCaseData Case(string name, EstimatorOptions estimator, string term, bool learning, Func<Tensor, Tensor> fault) =>
            new TestCaseData(estimator, term, learning, fault).SetArgDisplayNames(name);
        yield return Case("Gumbel-softmax, NaN", Gumbel, "'term/faulty/raw' is NaN", false, logits => logits * double.NaN);
        yield return Case("Gumbel-softmax, infinite", Gumbel, "'term/faulty/raw' is Infinity", false, logits =>
            logits - double.PositiveInfinity);
        yield return Case("Gumbel-softmax, gradient", Gumbel, "'generator/gradientNorm' is NaN", false, logits =>
            logits + BadGradient(logits));
        yield return Case("REINFORCE, NaN", Reinforce, "'term/faulty/raw' is NaN", false, logits => logits * double.NaN);
        yield return Case("REINFORCE, infinite", Reinforce, "'term/faulty/raw' is -Infinity", false, logits =>
            logits + double.PositiveInfinity);
        yield return Case("discriminator's loss, NaN", Reinforce, "'discriminator/faulty/loss' is NaN", true, logits =>
            logits * double.NaN);
        yield return Case("discriminator's gradient", Reinforce, "'discriminator/faulty/gradientNorm' is NaN", true, logits =>
            logits + BadGradient(logits));
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
                new ScriptedOptions { Name = "faulty", Data = "texts", Answer = (logits, learns) => step == 2 && learns == learning
                    ? fault(logits) : logits.alias() },
            ],
            Training = TrainingRig.Experiment.Training with { Iterations = 9, CheckpointEvery = 1 },
        };
        using var parts = rig.Parts(options);
        var heard = new List<string>();
        var failure = Assert.Throws<RunFailedException>(
            () => rig.Train(options, parts, new SilentObserver { OnStep = (_, done) => step = done }))!;

        var good = new Checkpoint(rig.Checkpoints, "adversarial", 2);
        Assert.That(failure.Message, Is.EqualTo($"{term} at adversarial step 3; the last good checkpoint is {good.TensorFile}."));
        Assert.That(Checkpoint.In(rig.Checkpoints)[^1], Is.EqualTo(good), "nothing is stored after it");
        Assert.That(TrainingRig.Weights(parts.Generator), Is.EqualTo(rig.Stored(good)), "the generator did not step");
        Assert.That(rig.Stored(good), Is.All.Matches<double>(double.IsFinite));
        if (learning)
            Assert.That(Weights(parts.Discriminators[1]), Is.EqualTo(Stored(good, "faulty")),
                "nor did the discriminator whose loss it was");
    }

    static double[] Weights(DiscriminatorTrainer discriminator)
    {
        var bag = new StateBag();
        discriminator.Save(bag);
        return Weights(bag, "");
    }

    static double[] Stored(Checkpoint checkpoint, string discriminator) => Weights(checkpoint.Read(), $"discriminators/{discriminator}/");

    static double[] Weights(StateBag bag, string scope)
    {
        using var tensors = NewDisposeScope();
        double[] all = [.. bag.Tensors.Where(one => one.Key.StartsWith(scope + "weights/", StringComparison.Ordinal))
            .OrderBy(one => one.Key).SelectMany(one => GeneratorCases.Doubles(one.Value))];
        bag.Clear();
        return all;
    }

    /// <summary>
    /// Its first update of two in an iteration, whose figures the second one's must not hide; or one in its pretraining. It goes on from
    /// the weights it had.
    /// </summary>
    [Test]
    public void LeavesOutADiscriminatorsUpdateWhereItShallOnlyWarn(
        [Values] bool pretraining, [Values] bool gradient, [Values("adam", "sgd", "rmsprop")] string optimizer)
    {
        using var rig = new TrainingRig();
        var updates = 0;
        var weights = new List<double[]>();
        DiscriminatorTrainer? watched = null;
        var options = TrainingRig.Experiment with
        {
            Discriminators =
            [
                new ScriptedOptions
                {
                    Name = "faulty", Data = "texts", StepsPerIteration = 2, PretrainingSteps = pretraining ? 4 : 0,
                    Optimizer = optimizer switch {
                        "adam" => new AdamOptions(), "sgd" => new SgdOptions { Momentum = 0.9 }, _ => new RmsPropOptions() },
                    Answer = (logits, learns) => !learns || ++updates != 3 ? logits.alias() : gradient ? logits + BadGradient(logits)
                        : logits * double.NaN,
                },
            ],
            Guards = new GuardsOptions { NotANumber = new NotANumberGuardOptions { Action = GuardAction.Warn } },
        };
        using var parts = rig.Parts(options);
        watched = parts.Discriminators[0];
        var lines = rig.Train(options, parts, new SilentObserver { OnStep = (_, _) => weights.Add(Weights(watched)) });
        var place = pretraining ? "discriminator-pretraining step 3" : "adversarial step 2";
        Assert.That(Events(lines).Select(e => $"{e.Action}: {e.Message}"),
            Is.EqualTo(new[] { $"warn: 'discriminator/faulty/{(gradient ? "gradientNorm" : "loss")}' is NaN at {place}." }));
        Assert.That(weights.SelectMany(all => all), Is.All.Matches<double>(double.IsFinite));
        if (pretraining) Assert.That(weights[2], Is.EqualTo(weights[1]).And.Not.EqualTo(weights[0]), "left out");
        Assert.That(weights[3], Is.Not.EqualTo(weights[2]), "and learns on");
    }

    [Test]
    public void RollsBackADiscriminatorWhoseLossIsNoNumber()
    {
        using var rig = new TrainingRig();
        var updates = 0;
        var options = TrainingRig.Experiment with
        {
            Discriminators = [new ScriptedOptions { Name = "faulty", Data = "texts", Answer = (logits, learns) => learns && ++updates == 3
                ? logits * double.NaN : logits.alias() }],
            Guards = new GuardsOptions { NotANumber = new NotANumberGuardOptions { Action = GuardAction.RollBack } },
            Training = TrainingRig.Experiment.Training with { CheckpointEvery = 1 },
        };
        var found = Events(rig.Train(options)).Single();
        Assert.That(found.Message,
            Is.EqualTo("'discriminator/faulty/loss' is NaN at adversarial step 3; back to adversarial step 2, all learning rates × 0.5 " +
                "(roll-back 1 of 3)."));
        Assert.That(Checkpoint.In(rig.Checkpoints)[^1].Step, Is.EqualTo(4), "and the run ends well");
    }

    /// <summary>The second of two updates in an iteration is looked at as the first is.</summary>
    [Test]
    public void LooksAtEachOfSeveralUpdatesOfTheGenerator([Values(1, 2)] int faulty)
    {
        using var rig = new TrainingRig();
        var judged = 0;
        var options = TrainingRig.Experiment with
        {
            Estimator = Gumbel,
            Discriminators = [new ScriptedOptions { Name = "faulty", Data = "texts", Answer = (logits, learns) => !learns
                && logits.requires_grad && ++judged == faulty ? logits * double.NaN : logits.alias() }],
            Training = TrainingRig.Experiment.Training with { GeneratorSteps = 2 },
        };
        using var parts = rig.Parts(options);
        var before = TrainingRig.Weights(parts.Generator);
        Assert.That(Assert.Throws<RunFailedException>(() => rig.Train(options, parts))!.Message,
            Does.StartWith("'term/faulty/raw' is NaN at adversarial step 1; "));
        Assert.That(TrainingRig.Weights(parts.Generator), faulty == 1 ? Is.EqualTo(before)
            : Is.Not.EqualTo(before).And.All.Matches<double>(double.IsFinite));
    }

    /// <summary>What is kept from one batch to the next takes no harm from a batch that is not finite.</summary>
    [TestCase("critic")]
    [TestCase("moving-average")]
    public void ABaselineForgetsWhatIsNotFinite(string kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using Baseline baseline = kind == "critic" ? new CriticBaseline(3, 4, new AdamOptions { LearningRate = 0.1 }, CPU)
            : new MovingAverageBaseline(0.5);
        var (mask, hidden) = (ones(2, 5), randn(2, 5, 3));
        double[] Values(double returns) =>
            GeneratorCases.Doubles(baseline.Values(new TokenCredit(full(2, 5, returns), full(2, returns), null), mask, hidden));
        Values(1);
        var sound = Values(1);
        Assert.That(Values(double.NaN), Is.Not.EqualTo(sound), "the update before");
        var after = Values(1);
        Assert.That(after, Is.All.Matches<double>(double.IsFinite));
        Assert.That(Values(1), Is.Not.EqualTo(after), "it learns on");
        var bag = new StateBag();
        baseline.Save(bag);
        foreach (var (name, value) in bag.Tensors.Where(one => one.Value.is_floating_point())) Assert.That(
            value.isfinite().all().item<bool>(), name);
        bag.Clear();
    }

    [Test]
    public void ANormaliserForgetsWhatIsNotFinite([Values] bool first)
    {
        using var scope = NewDisposeScope();
        using var normalizer = new SignalNormalizer(0.5);
        if (!first) normalizer.Normalize(tensor(new float[] { 1, 3 }));
        Assert.That(normalizer.Normalize(tensor(new[] { 1, float.NaN })).isfinite().all().item<bool>(), Is.False,
            "what is told of the batch itself");
        // Without an earlier batch: mean 0, variance 1. With one: mean 2, variance 1.
        Assert.That(GeneratorCases.Doubles(normalizer.Normalize(tensor(new float[] { 2, 4 }))),
            Is.EqualTo(first ? new double[] { 2, 4 } : [0, 2]).Within(1e-6));
    }

    /// <summary>
    /// A generator's update in pretraining that is left out leaves no trace in the weights, nor in the means that are logged.
    /// </summary>
    [Test]
    public void LeavesOutAnUpdateOfPretrainingWhereItShallOnlyWarn()
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Pretraining = new PretrainingOptions { Data = "texts", Epochs = 4, Batch = 8, CheckpointEvery = 2 },
            Guards = new GuardsOptions { NotANumber = new NotANumberGuardOptions { Action = GuardAction.Warn } },
        };
        using var generator = new FaultyOnce(new TextGan.Runs.RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator(), faultyAt: 3);
        var lines = rig.Pretrain(options, generator);
        Assert.That(Events(lines).Select(e => e.Message), Is.EqualTo(new[] { "'generator/loss' is NaN at pretraining step 3." }));
        Assert.That(TrainingRig.Weights(generator), Is.All.Matches<double>(double.IsFinite));
        Assert.That(lines.Where(line => line.Values.ContainsKey("generator/loss")).Select(line => line.Values["generator/loss"]),
            Has.Exactly(1).NaN.And.Some.InRange(1.5, 2.2));
    }

    /// <summary>Its hidden states are not numbers in one of the updates.</summary>
    sealed class FaultyOnce : Generator
    {
        readonly Generator inner;
        readonly int faultyAt;
        int updates;

        public FaultyOnce(Generator inner, int faultyAt) : base(nameof(FaultyOnce))
        {
            (this.inner, this.faultyAt) = (inner, faultyAt);
            RegisterComponents();
        }

        public override int VocabularySize => inner.VocabularySize;
        public override int HiddenSize => inner.HiddenSize;
        protected override Tensor HiddenCore(Tensor inputs) => training && ++updates == faultyAt ? inner.Hidden(inputs) * double.NaN
            : inner.Hidden(inputs);
        protected override Tensor LogitsCore(Tensor hidden) => inner.Logits(hidden);
        protected override GeneratorState StartCore(long batch, int capacity) => inner.Start(batch, capacity);
        protected override Tensor StepCore(Tensor tokens, GeneratorState state) => inner.Step(tokens, state);
        protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => inner.Prefill(tokens, state);
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
        Assert.That(failure.Message,
            Is.EqualTo($"'discriminator/faulty/{(gradient ? "gradientNorm" : "loss")}' is NaN at discriminator-pretraining step 1; there " +
                $"is no checkpoint before it."));
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
        using var generator = new TextGan.Runs.RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
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
        var watch = new GuardWatch(new GuardsOptions(),
            new Recorder(files.PathOf("samples"), files.PathOf("checkpoints"), 2, log, new SilentObserver()));
        Assert.That(watch.Allow(Phase.Adversarial, 1, new Dictionary<string, double> { ["total"] = 1 }), Is.True);
        Assert.That(MetricLog.ReadLines(files.PathOf("metrics.jsonl")), Is.Empty);
        var values = new Dictionary<string, double> { ["total"] = 1, ["term/d/raw"] = double.NegativeInfinity };
        Assert.That(Assert.Throws<RunFailedException>(() => watch.Allow(Phase.Adversarial, 7, values))!.Message,
            Is.EqualTo("'term/d/raw' is -Infinity at adversarial step 7; there is no checkpoint before it."));
        Assert.That(MetricLine.Parse(MetricLog.ReadLines(files.PathOf("metrics.jsonl")).Single()).Values, Is.EqualTo(values));
    }

    /// <summary>What the guards said, without the warning of unknown tokens, of which an untrained generator writes many.</summary>
    static IEnumerable<GuardEvent> Events(IEnumerable<MetricLine> lines) =>
        lines.Select(line => line.Event).OfType<GuardEvent>().Where(found => found.Guard != "unknownTokens");
}
