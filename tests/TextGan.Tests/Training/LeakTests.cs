using TextGan.Experiments;
using TextGan.Generators;
using TextGan.Schedules;
using TextGan.Tests.Runs;
using TextGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

/// <summary>
/// No tensor stays alive that a step, an evaluation or a checkpoint made: over hours the memory would go. All kinds of discriminators play
/// in each run, each with another loss.
/// </summary>
public sealed class LeakTests
{
    const string PerStep = """{"kind":"lstm","name":"steps","data":"texts","embedding":4,"hidden":5,"output":"per-step"}""";

    static readonly string[] EveryKind =
    [
        """{"kind":"cnn","name":"cnn","data":"texts","embedding":4,"widths":[2,3],"filters":[3,3]""" +
            ""","loss":{"kind":"wasserstein"},"pretrainingSteps":2,"clipGradient":1}""",
        """{"kind":"cnn","name":"cnn2","data":"texts","embedding":4,"widths":[2],"filters":[4],"representations":2""" +
            ""","loss":{"kind":"relativistic"},"every":2}""",
        """{"kind":"lstm","name":"lstm","data":"pairs","embedding":4,"hidden":5,"loss":{"kind":"hinge"}""" +
            ""","opponents":{"generated":1,"rejected":1}}""",
        PerStep,
        """{"kind":"transformer","name":"transformer","data":"texts","embedding":4,"heads":2,"layers":1""" +
            ""","loss":{"kind":"least-squares"},"stepsPerIteration":2}""",
        """{"kind":"bag","name":"bag","data":"pairs","embedding":4,"hidden":5,"loss":{"kind":"bradley-terry"}""" +
            ""","opponents":{"generated":0,"rejected":1}}""",
        """{"kind":"constant","name":"constant"}""",
        """{"kind":"random","name":"random"}""",
    ];

    static readonly (string Name, EstimatorOptions Options)[] Estimators =
    [
        ("relaxed", new PathwiseOptions { Relaxation = Relaxation.Relaxed,
            Temperature = new ExponentialScheduleOptions { From = 1, To = 0.5 } }),
        ("straight-through", new PathwiseOptions()),
        ("sequence", new PolicyGradientOptions()),
        ("per-step", new PolicyGradientOptions { Credit = new StepCreditOptions(), Baseline = new MovingAverageBaselineOptions() }),
        ("rollouts", new PolicyGradientOptions { Credit = new RolloutCreditOptions { Count = 2 }, Baseline = new CriticBaselineOptions() }),
    ];

    static IEnumerable<TestCaseData> Combinations() =>
        from estimator in Estimators
        from generator in (string[])["lstm", "transformer"]
        from rich in (bool[])[false, true]
        select new TestCaseData(estimator.Options, generator == "lstm" ? TrainingRig.Experiment.Generator : TrainingRig.Transformer, rich)
            .SetArgDisplayNames(estimator.Name, generator, rich ? "with regularisers, normalisation, average" : "plain");

    static ExperimentOptions Options(EstimatorOptions estimator, GeneratorOptions generator, bool rich, string[] perStep,
        TrainingOptions training) => TrainingRig.Experiment with
        {
            Generator = generator,
            Estimator = estimator,
            Discriminators = TrainingRig.Read(estimator is PolicyGradientOptions { Credit: StepCreditOptions } ? perStep : EveryKind),
            Training = training with { WeightAverage = rich ? 0.9 : 0 },
            Regularizers = rich ? new RegularizerOptions { Entropy = 0.01, Likelihood = 0.1, Kl = 0.1 } : new RegularizerOptions(),
            Normalization = rich ? new NormalizationOptions() : null,
        };

    [TestCaseSource(nameof(Combinations))]
    public void AdversarialStepsLeaveNothing(EstimatorOptions estimator, GeneratorOptions generator, bool rich)
    {
        using var rig = new TrainingRig();
        string[] perStep = [PerStep, PerStep.Replace("steps", "more", StringComparison.Ordinal)];
        var training = TrainingRig.Experiment.Training with { Iterations = 16, CheckpointEvery = rich ? 1 : 0 };
        var options = Options(estimator, generator, rich, perStep, training) with
        {
            Evaluation = TrainingRig.Experiment.Evaluation with { Every = rich ? 1 : 1000 },
        };
        var (thread, total) = (new List<long>(), new List<long>());
        rig.Train(options, new SilentObserver
        {
            OnStep = (phase, _) =>
            {
                if (phase != Phase.Adversarial) return;
                thread.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                total.Add(Tensor.TotalCount);
            },
        });
        // Steps 6 and 16: equal in parity, for a discriminator that learns at every other iteration.
        var absent = 10 * AbsentGradients(estimator, generator);
        Assert.That(thread[15], Is.EqualTo(thread[5] + absent), string.Join(' ', thread));
        Assert.That(total[15], Is.LessThanOrEqualTo(total[5] + absent), string.Join(' ', total));
    }

    [Test]
    public void PretrainingLeavesNothing([Values("lstm", "transformer")] string kind, [Values(0, 100)] int patience)
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Generator = kind == "lstm" ? TrainingRig.Experiment.Generator : TrainingRig.Transformer,
            Pretraining = new PretrainingOptions { Data = "texts", Epochs = 40, Batch = 8, Patience = patience },
            Evaluation = TrainingRig.Experiment.Evaluation with { EveryEpochs = 1 },
        };
        using var generator = new TextGan.Runs.RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var counts = new Dictionary<long, long>();
        rig.Pretrain(options, generator,
            new SilentObserver { OnStep = (_, step) => counts.TryAdd(step, DisposeScopeManager.Statistics.ThreadTotalLiveCount) });
        Assert.That(counts[120], Is.EqualTo(counts[60]), string.Join(' ', counts)); // 3 steps an epoch, a line at every tenth
    }

    /// <summary>From building the parts to disposing of them.</summary>
    [TestCaseSource(nameof(Combinations))]
    public void WholeRunsLeaveNothing(EstimatorOptions estimator, GeneratorOptions generator, bool rich)
    {
        using var rig = new TrainingRig();
        var options = Options(estimator, generator, rich, [PerStep], TrainingRig.Experiment.Training with { Iterations = 2 });
        long Run()
        {
            using (var parts = rig.Parts(options))
            {
                rig.Pretrain(options, parts.Generator);
                rig.Train(options, parts);
            }
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Run();
        var after = Run();
        Assert.That(Run(), Is.EqualTo(after + 2 * AbsentGradients(estimator, generator)));
    }

    /// <summary>
    /// The last relaxed step of a transformer has no gradient of its cache, one in each layer. TorchSharp wraps what is not there in a
    /// tensor without memory, counts it, and never counts it off.
    /// </summary>
    static int AbsentGradients(EstimatorOptions estimator, GeneratorOptions generator) =>
        estimator is PathwiseOptions && generator is TransformerGeneratorOptions transformer ? transformer.Layers : 0;
}
