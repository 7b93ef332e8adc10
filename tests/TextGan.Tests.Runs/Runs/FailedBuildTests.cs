using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Runs;
using TextGan.Generators;
using TextGan.Learning;
using TextGan.Optimizers;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

/// <summary>What was built before a part could not be is not left in memory.</summary>
public sealed class FailedBuildTests
{
    /// <summary>The tensors that a second call leaves; the first may leave what is made once in a process.</summary>
    static long Left(Action attempt)
    {
        attempt();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        attempt();
        return DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
    }

    static void LeavesNothing(Action attempt) => Assert.That(Left(attempt), Is.Zero);

    [Test]
    public void The_measure_sees_a_model_that_is_left()
    {
        var kept = new List<Generator>();
        Assert.That(Left(() => kept.Add(new LstmGeneratorOptions { Embedding = 4, Hidden = 4 }.Build(new GeneratorContext(7, 5, CPU)))),
            Is.GreaterThan(4));
        kept.ForEach(model => model.Dispose());
    }

    [Test]
    public void Of_a_stored_run_that_does_not_fit()
    {
        using var run = new SmallRun();
        var folder = new RunFolder(run.Run(new SilentObserver(), default, "training.iterations=0", "pretraining.epochs=1").Single().Folder);
        var config = JsonNode.Parse(File.ReadAllText(folder.Config))!;
        config["generator"]!["hidden"] = 9;
        File.WriteAllText(folder.Config, config.ToJsonString());
        LeavesNothing(() => Assert.That(Assert.Throws<InvalidInputException>(() => StoredRun.Load(folder.Root, CPU))!.Message,
            Does.Contain("does not fit the generator of config.json")));
        config["generator"] = JsonNode.Parse("""{"kind":"transformer","hidden":8,"heads":2}""");
        File.WriteAllText(folder.Config, config.ToJsonString());
        LeavesNothing(() => Assert.Throws<InvalidInputException>(() => StoredRun.Load(folder.Root, CPU)));
    }

    sealed record BrokenDiscriminator : DiscriminatorOptions
    {
        public override Discriminator Build(DiscriminatorContext context) => throw new NotSupportedException();
    }

    sealed record BrokenEstimator : EstimatorOptions
    {
        public override bool NeedsRelaxedTokens => false;
        public override bool ShowsPlainSamples => true;
        public override UpdateRule Build(EstimatorContext context) => throw new NotSupportedException();
    }

    sealed record BrokenOptimizer : TextGan.Optimizers.OptimizerOptions
    {
        public override optim.Optimizer Build(OptimizerContext context) => throw new NotSupportedException();
    }

    /// <summary>Knows none of the parameters.</summary>
    sealed record IgnorantOptimizer : TextGan.Optimizers.OptimizerOptions
    {
        static readonly Parameter Other = new(zeros(3));

        public override optim.Optimizer Build(OptimizerContext context) => optim.RMSProp([Other]);
    }

    /// <summary>One critic can be had.</summary>
    sealed record OneBaseline : BaselineOptions
    {
        int built;

        public override Baseline Build(BaselineContext context) =>
            built++ % 2 == 0 ? new CriticBaseline(context.HiddenSize, 4, new AdamOptions(), context.Device)
                : throw new NotSupportedException();
    }

    static IEnumerable<TestCaseData> Parts()
    {
        static TestCaseData Case(string name, Func<ExperimentOptions, ExperimentOptions> change) =>
            new TestCaseData(change).SetArgDisplayNames(name);
        var two = TrainingRig.Read("""{"kind":"bag","name":"a","data":"texts","embedding":4,"hidden":5}""",
            """{"kind":"cnn","name":"b","data":"texts","embedding":4,"widths":[2],"filters":[3]}""");
        yield return Case("a later discriminator", options =>
            options with { Discriminators = [.. two, new BrokenDiscriminator { Name = "c", Data = "texts" }] });
        yield return Case("a discriminator's optimiser", options =>
            options with { Discriminators = [two[0], two[1] with { Optimizer = new BrokenOptimizer() }] });
        yield return Case("a discriminator's optimiser, as checked", options =>
            options with { Discriminators = [two[0], two[1] with { Optimizer = new IgnorantOptimizer() }] });
        yield return Case("estimator", options => options with { Discriminators = two, Estimator = new BrokenEstimator() });
        yield return Case("a later baseline", options =>
            options with { Discriminators = two, Estimator = new PolicyGradientOptions { Baseline = new OneBaseline() } });
        yield return Case("a critic's optimiser", options =>
            options with { Discriminators = two, Estimator =
            new PolicyGradientOptions { Baseline = new CriticBaselineOptions { Optimizer = new BrokenOptimizer() } } });
    }

    [TestCaseSource(nameof(Parts))]
    public void Of_the_parts_of_a_run(Func<ExperimentOptions, ExperimentOptions> change)
    {
        using var rig = new TrainingRig();
        var assembly = new RunAssembly(change(TrainingRig.Experiment with { Training = new TrainingOptions { WeightAverage = 0.9 } }),
            rig.Materials, CPU, 1);
        LeavesNothing(() =>
        {
            using var generator = assembly.BuildGenerator();
            Assert.That(() => assembly.BuildAdversarialParts(generator),
                Throws.InstanceOf<NotSupportedException>().Or.InstanceOf<RunFailedException>());
        });
    }

    sealed record MisfitGenerator : GeneratorOptions
    {
        sealed class Misfit : Generator
        {
            readonly Generator inner;

            public Misfit(Generator inner) : base(nameof(Misfit))
            {
                this.inner = inner;
                RegisterComponents();
            }

            public override int VocabularySize => inner.VocabularySize + 1;
            public override int HiddenSize => inner.HiddenSize;
            protected override Tensor HiddenCore(Tensor inputs) => inner.Hidden(inputs);
            protected override Tensor LogitsCore(Tensor hidden) => inner.Logits(hidden);
            protected override GeneratorState StartCore(long batch, int capacity) => inner.Start(batch, capacity);
            protected override Tensor StepCore(Tensor tokens, GeneratorState state) => inner.Step(tokens, state);
            protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => inner.Prefill(tokens, state);
        }

        public override Generator Build(GeneratorContext context) =>
            new Misfit(new LstmGeneratorOptions { Embedding = 4, Hidden = 4 }.Build(context));
    }

    [Test]
    public void Of_a_plug_ins_generator_that_is_rejected() =>
        LeavesNothing(() => Assert.Throws<RunFailedException>(() => new MisfitGenerator().BuildChecked(new GeneratorContext(7, 5, CPU))));

    [Test]
    public void Of_a_data_set_whose_later_texts_cannot_be_encoded()
    {
        var encoder = new TextEncoder(new IdTokenizer(5), 2);
        var split = new DataSplit(["1 2", "3 4"], ["1 1", "2 9"]);
        LeavesNothing(() => Assert.Throws<InvalidInputException>(() => EncodedSide.Of(split, encoder)));
    }
}
