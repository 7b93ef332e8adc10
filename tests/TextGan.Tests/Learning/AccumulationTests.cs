using TextGan.Discriminators.Losses;
using TextGan.Experiments;
using TextGan.Generators;
using TextGan.Learning;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Updates.Losses;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Tests.Generators;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>A batch in parts gives the gradient of the whole batch, whatever is made of it.</summary>
public sealed class AccumulationTests
{
    static readonly SgdOptions Sgd = new() { LearningRate = 0.5 };

    /// <summary>Of many large steps in a row rounding alone makes other weights (1e-4 between the operations' two forms).</summary>
    static readonly SgdOptions SmallSteps = new() { LearningRate = 0.05 };

    static readonly GeneratorOptions[] Generators = [TrainingRig.Experiment.Generator, TrainingRig.Transformer];

    [TestCaseSource(nameof(Generators))]
    public void Likelihood(GeneratorOptions generator)
    {
        using var rig = new TrainingRig();
        (double[] Weights, double[] Losses) Trained(int accumulate)
        {
            var options = TrainingRig.Experiment with
            {
                Generator = generator,
                Pretraining = TrainingRig.Experiment.Pretraining! with { Optimizer = Sgd, Accumulate = accumulate },
            };
            using var model = new TextGan.Runs.RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
            var lines = rig.Pretrain(options, model);
            return (TrainingRig.Weights(model), [.. lines.Where(line => line.Values.ContainsKey("generator/loss"))
                .Select(line => line.Values["generator/loss"])]);
        }
        var whole = Trained(1);
        foreach (var parts in new[] { 3, 8, 100 })
        {
            var found = Trained(parts);
            Assert.That(found.Weights, Is.EqualTo(whole.Weights).Within(1e-5));
            Assert.That(found.Losses, Is.EqualTo(whole.Losses).Within(1e-5));
        }
    }

    static IEnumerable<TestCaseData> PolicyGradients()
    {
        foreach (var generator in Generators)
        {
            var name = generator is LstmGeneratorOptions ? "lstm" : "transformer";
            TestCaseData Case(string what, PolicyGradientOptions estimator, CombinerOptions? combiner = null) =>
                new TestCaseData(generator, estimator, combiner ?? new FixedCombinerOptions()).SetArgDisplayNames(name, what);
            yield return Case("default", new PolicyGradientOptions());
            yield return Case("critic, groups, pcgrad", new PolicyGradientOptions { Baseline = new CriticBaselineOptions(), GroupSize = 2 },
                new PcGradCombinerOptions());
            yield return Case("cagrad", new PolicyGradientOptions(), new CaGradCombinerOptions());
            // A ratio on the edge of a narrow range would be clipped or not by its last bits.
            yield return Case("clipped, several passes",
                new PolicyGradientOptions { Loss = new ClippedLossOptions { Clip = 0.8 }, Epochs = 2, Minibatches = 2 });
        }
    }

    [TestCaseSource(nameof(PolicyGradients))]
    public void Policy_gradients_with_everything_that_reads_the_whole_batch(
        GeneratorOptions generator, EstimatorOptions estimator, CombinerOptions combiner)
    {
        using var rig = new TrainingRig();
        double[] Trained(int accumulate)
        {
            var options = TrainingRig.Experiment with
            {
                Generator = generator, Estimator = estimator, Combiner = combiner,
                Discriminators = TrainingRig.Read(
                    """{"kind":"bag","name":"one","data":"texts","embedding":4,"hidden":5}""",
                    """{"kind":"bag","name":"two","data":"pairs","embedding":4,"hidden":5}"""),
                Normalization = new NormalizationOptions(),
                Regularizers = new RegularizerOptions { Entropy = 0.1, Likelihood = 0.2, LikelihoodData = "texts", Kl = 0.3 },
                Training = TrainingRig.Experiment.Training with { Optimizer = SmallSteps, Accumulate = accumulate },
            };
            using var parts = rig.Parts(options);
            rig.Train(options, parts);
            return TrainingRig.Weights(parts.Generator);
        }
        var whole = Trained(1);
        Assert.That(Trained(2), Is.EqualTo(whole).Within(2e-5));
        Assert.That(Trained(3), Is.EqualTo(whole).Within(2e-5));
    }

    /// <summary>
    /// Against the same parts, drawn one after another with their graphs and judged together; also where a text's loss depends on others.
    /// </summary>
    [Test]
    public void Gumbel_softmax(
        [Values] Relaxation relaxation, [Values(0, 3)] int generator, [Values] bool prompts, [Values] bool relativistic)
    {
        const int batch = 8;
        using var scope = NewDisposeScope();
        using var model = GeneratorCases.Build(GeneratorCases.All[generator]);
        using var table = new TableDiscriminator(GeneratorCases.T, GeneratorCases.V, 2);
        using var update = new PathwiseUpdate(relaxation, new ConstantScheduleOptions { Value = 0.8 });
        AdversarialLoss loss = relativistic ? new RelativisticAverageLoss() : new NonSaturatingLoss();
        var real = new TextBatch(GeneratorCases.Ids(), GeneratorCases.End);
        var judge = new Judge("judge", table, loss, CPU, null, _ => real);
        IReadOnlyList<int>[] questions = [.. Enumerable.Range(0, batch).Select(i => i % 2 == 0 ? (int[])[2, 3] : [2])];
        var given = prompts ? PromptBatch.Of(questions) : null;
        var whole = new RolloutRequest(model, [judge], batch, GeneratorCases.T, GeneratorCases.Start, GeneratorCases.End, 0, 1,
            NeedsLogits: false, Prompts: given);

        double[] Gradient(Func<Tensor> term)
        {
            Gradients.Clear(model.parameters());
            manual_seed(7);
            term().backward();
            return [.. model.parameters().SelectMany(p => p.grad is null ? new double[p.numel()] : GeneratorCases.Doubles(p.grad))];
        }
        var expected = Gradient(() =>
        {
            var drawn = new[] { (0, 2), (2, 3), (5, 3) }.Select(part =>
                update.Collect(whole with { Batch = part.Item2, Prompts = given?.Rows(part.Item1, part.Item2) }).Texts).ToArray();
            var all = drawn.Aggregate((one, other) => one.Concat(other));
            return judge.GeneratorLoss(all).mean();
        });
        var found = Gradient(() => update.Estimate(whole with { Parts = 3 }).Terms[0].Surrogate());
        Assert.That(found, Is.EqualTo(expected).Within(1e-5 * Math.Max(1, expected.Max(Math.Abs))));
        Assert.That(expected.Max(Math.Abs), Is.GreaterThan(1e-3));
    }
}
