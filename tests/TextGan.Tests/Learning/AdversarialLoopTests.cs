using TextGan.Experiments;
using TextGan.Generators;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Metrics;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Training;

namespace TextGan.Tests.Learning;

public sealed class AdversarialLoopTests
{
    const string Judge = """{"kind":"lstm","name":"judge","data":"texts","embedding":4,"hidden":5,"output":"per-step","weight":0.5}""";
    const string Other = """{"kind":"lstm","name":"other","data":"pairs","embedding":4,"hidden":5""" +
        ""","output":"per-step","opponents":{"generated":1,"rejected":1},"weight":2}""";

    static readonly ExperimentOptions Experiment = TrainingRig.Experiment with { Discriminators = TrainingRig.Read(Judge, Other) };

    static readonly (string Name, EstimatorOptions Options)[] Estimators =
    [
        ("relaxed", new PathwiseOptions { Relaxation = Relaxation.Relaxed }),
        ("straight-through", new PathwiseOptions()),
        ("sequence", new PolicyGradientOptions()),
        ("per-step", new PolicyGradientOptions { Credit = new StepCreditOptions() }),
        ("rollouts", new PolicyGradientOptions { Credit = new RolloutCreditOptions { Count = 2 } }),
        ("lagging rollouts", new PolicyGradientOptions { Credit = new RolloutCreditOptions { Count = 2, Lag = 0.8 } }),
    ];

    static IEnumerable<TestCaseData> Cases() =>
        from estimator in Estimators
        from kind in (string[])["lstm", "transformer"]
        select new TestCaseData(estimator.Options, kind == "lstm" ? TrainingRig.Experiment.Generator : TrainingRig.Transformer)
            .SetArgDisplayNames(estimator.Name, kind);

    [Test]
    public void TheLastStepsAreLoggedWhateverLogEveryIs()
    {
        using var rig = new TrainingRig();
        var lines = rig.Train(Experiment with
        {
            Discriminators = [Experiment.Discriminators[0] with { PretrainingSteps = 2 },
                Experiment.Discriminators[1] with { PretrainingSteps = 5 }],
            Training = Experiment.Training with { Iterations = 5, LogEvery = 4 },
        });
        long[] Steps(string phase, string name) =>
            [.. lines.Where(line => line.Phase == phase && line.Values.ContainsKey(name)).Select(line => line.Step)];
        Assert.That(Steps("discriminator-pretraining", "discriminator/other/loss"), Is.EqualTo(new[] { 2, 4, 5 }));
        Assert.That(Steps("discriminator-pretraining", "discriminator/judge/loss"), Is.EqualTo(new[] { 2 }));
        Assert.That(Steps("adversarial", "total"), Is.EqualTo(new[] { 4, 5 }));
    }

    /// <summary>Samples of one token have no bigram: the log says so, and the observer hears it once.</summary>
    [Test]
    public void EvaluationsSayWhatTheyRestOnAndWhatIsMissing()
    {
        using var rig = new TrainingRig();
        var observer = new SilentObserver();
        // A row of the length of a text leaves room for six tokens.
        var lines = rig.Train(Experiment with { Discriminators = [], Evaluation = Experiment.Evaluation with { Every = 2, Samples = 8 } },
            observer, 1,
            new DistinctNMetric([1, 7]), new SelfBleuMetric([2], limit: 3), new NllMetric("nll", [], 0, 0, 8));
        var evaluations = lines.Where(line => line.Samples is not null).ToArray();
        Assert.That(evaluations.Select(line => line.Step), Is.EqualTo(new[] { 0, 2, 4 }));
        foreach (var line in evaluations)
        {
            Assert.That(line.Samples,
                Is.EqualTo(new Dictionary<string,
                int> { ["metric/distinct-1"] = 8, ["metric/distinct-7"] = 8, ["metric/self-bleu-2"] = 3, ["metric/unknown"] = 8 }));
            Assert.That(line.Missing,
                Is.EqualTo(new Dictionary<string,
                string> { ["metric/distinct-7"] = "no sample has 7 tokens", ["metric/nll"] = "it cannot be computed" }));
            Assert.That(line.Values["metric/distinct-7"], Is.NaN);
        }
        Assert.That(lines.Except(evaluations).Where(line => line.Event is null).Select(line => line.ToJson()),
            Has.None.Contain("amples").And.None.Contain("missing"));
        Assert.That(observer.Messages.Count(message => message == "no value for distinct-7: no sample has 7 tokens"), Is.EqualTo(1));
    }

    static IEnumerable<string> Figures(IEnumerable<MetricLine> lines) => lines.Select(line =>
        line.WithoutTimes().ToJson());

    /// <summary>Everything that training decides: weights, losses, scores; and nothing that measuring does.</summary>
    [TestCaseSource(nameof(Cases))]
    public void TheSameSeedGivesTheSameBitsHoweverOftenItIsEvaluatedOrStored(EstimatorOptions estimator, GeneratorOptions generator)
    {
        using var rig = new TrainingRig();
        (double[] Weights, string[] Lines) Trained(int seed, int evaluateEvery = 1000, int checkpointEvery = 0)
        {
            var options = Experiment with
            {
                Estimator = estimator, Generator = generator, Normalization = new NormalizationOptions(),
                Regularizers = new RegularizerOptions { Likelihood = 0.1 },
                Evaluation = Experiment.Evaluation with { Every = evaluateEvery },
                Training = Experiment.Training with { CheckpointEvery = checkpointEvery },
            };
            using var parts = rig.Parts(options, seed);
            var lines = rig.Train(options, parts, seed: seed);
            return (TrainingRig.Weights(parts.Generator), [.. Figures(lines.Where(line => line.Values.ContainsKey("total")))]);
        }
        var first = Trained(1);
        foreach (var again in new[] { Trained(1), Trained(1, evaluateEvery: 1), Trained(1, checkpointEvery: 1) })
        {
            Assert.That(again.Weights, Is.EqualTo(first.Weights));
            Assert.That(again.Lines, Is.EqualTo(first.Lines));
        }
        Assert.That(Trained(2).Weights, Is.Not.EqualTo(first.Weights));
    }

    [TestCaseSource(nameof(Cases))]
    public void TheTotalIsTheSumOfTheWeightedTerms(EstimatorOptions estimator, GeneratorOptions generator)
    {
        using var rig = new TrainingRig();
        var options = Experiment with
        {
            Estimator = estimator, Generator = generator,
            Regularizers = new RegularizerOptions { Entropy = 0.01, Likelihood = 0.1, LikelihoodData = "pairs", Kl = 0.3 },
            Combiner = new ScheduledCombinerOptions {
                Weights = new Dictionary<string, ScheduleOptions> { ["other"] = new LinearScheduleOptions { From = 0, To = 1 } } },
        };
        var lines = rig.Train(options).Where(line => line.Values.ContainsKey("total")).ToArray();
        Assert.That(lines.Select(line => line.Step), Is.EqualTo(new[] { 1, 2, 3, 4 }));
        var expected = new Dictionary<string, double> { ["judge"] = 0.5, ["entropy"] = 0.01, ["likelihood"] = 0.1, ["kl"] = 0.3 };
        for (var step = 0; step < 4; step++)
        {
            var values = lines[step].Values;
            expected["other"] = options.Combiner is ScheduledCombinerOptions scheduled ? scheduled.Weights["other"].ValueAt(step, 4) : 0;
            foreach (var (name, weight) in expected)
            {
                Assert.That(values[$"term/{name}/weight"], Is.EqualTo(weight), $"{name} at {step}");
                Assert.That(values[$"term/{name}/weighted"], Is.EqualTo(weight * values[$"term/{name}/raw"]).Within(1e-12));
            }
            Assert.That(values["total"], Is.EqualTo(expected.Keys.Sum(name => values[$"term/{name}/weighted"])).Within(1e-9));
            Assert.That(values.Keys.Count(key => key.EndsWith("/raw", StringComparison.Ordinal)), Is.EqualTo(5));
        }
        // Relaxed tokens give other distributions than the ids that the frozen copy reads.
        if (estimator is not PathwiseOptions { Relaxation: Relaxation.Relaxed })
            Assert.That(lines[0].Values["term/kl/raw"], Is.Zero.Within(1e-6), "the frozen copy is the generator at the start");
        Assert.That(lines[3].Values["term/kl/raw"], Is.GreaterThan(1e-6), "and stays what it was");
    }

    /// <summary>a ← 0.8·a + 0.2·w after each update, in doubles; measured, stored and sampled is the average.</summary>
    [Test]
    public void TheAverageOfTheWeightsIsMeasuredInTheirPlace()
    {
        using var rig = new TrainingRig();
        var options = Experiment with { Training = Experiment.Training with { WeightAverage = 0.8, Iterations = 5 },
            Evaluation = Experiment.Evaluation with { Every = 1 } };
        using var parts = rig.Parts(options);
        var average = TrainingRig.Weights(parts.Generator);
        var averages = new List<double[]> { average };
        var probe = new ProbeMetric();
        rig.Train(options, parts, new SilentObserver
        {
            OnStep = (_, _) => averages.Add(average = [.. average.Zip(TrainingRig.Weights(parts.Generator), (a, w) => 0.8 * a + 0.2 * w)]),
        }, metrics: probe);
        Assert.That(probe.Seen, Has.Count.EqualTo(6));
        for (var i = 0; i < 6; i++) Assert.That(probe.Seen[i].Weights, Is.EqualTo(averages[i]).Within(1e-6), $"evaluation {i}");
        Assert.That(probe.Seen.Select(seen => seen.Training), Is.All.False);
        Assert.That(averages[5], Is.Not.EqualTo(TrainingRig.Weights(parts.Generator)).Within(1e-4));
        var last = Checkpoint.In(rig.Checkpoints)[^1];
        Assert.That(rig.Stored(last, "average"), Is.EqualTo(averages[5]).Within(1e-6));
        Assert.That(rig.Stored(last), Is.EqualTo(TrainingRig.Weights(parts.Generator)));
    }

    [Test]
    public void SeveralGeneratorStepsAnIterationMoveItAsOften()
    {
        using var rig = new TrainingRig();
        double[] Moved(int steps)
        {
            var options = Experiment with {
                Training = Experiment.Training with {
                GeneratorSteps = steps, Iterations = 1, Optimizer = new TextGan.Optimizers.AdamOptions { LearningRate = 0.001 } } };
            using var parts = rig.Parts(options);
            var before = TrainingRig.Weights(parts.Generator);
            rig.Train(options, parts);
            return [.. TrainingRig.Weights(parts.Generator).Zip(before, (after, start) => Math.Abs(after - start))
                .Where(moved => moved > 1e-9)];
        }
        // Adam's first step is the learning rate in every coordinate; four steps are up to four times as far.
        Assert.That(Moved(1), Is.All.EqualTo(0.001).Within(1e-4));
        Assert.That(Moved(4).Max(), Is.InRange(0.002, 0.0045));
    }

    [Test]
    public void EvaluatesStoresAndLogsAtItsIterations()
    {
        using var rig = new TrainingRig();
        var options = Experiment with
        {
            Training = Experiment.Training with { Iterations = 10, LogEvery = 3, CheckpointEvery = 4, KeepCheckpoints = 100 },
            Evaluation = Experiment.Evaluation with { Every = 5 },
        };
        var heard = new List<long>();
        var lines = rig.Train(options, new SilentObserver { OnStep = (_, step) => heard.Add(step) }, metrics: new ProbeMetric());
        Assert.That(lines.Where(line => line.Values.ContainsKey("total")).Select(line => line.Step), Is.EqualTo(new[] { 3, 6, 9, 10 }),
            "the last in any case");
        Assert.That(lines.Where(line => line.Values.ContainsKey("metric/probe")).Select(line => line.Step), Is.EqualTo(new[] { 0, 5, 10 }));
        Assert.That(Checkpoint.In(rig.Checkpoints).Select(one => one.Step), Is.EqualTo(new[] { 0, 4, 5, 8, 10 }));
        Assert.That(heard, Is.EqualTo(Enumerable.Range(1, 10)), "the observer hears each");
        Assert.That(Directory.EnumerateFiles(rig.Samples).Select(Path.GetFileName).Order(),
            Is.EqualTo(new[] { "adversarial-00000000.jsonl", "adversarial-00000005.jsonl", "adversarial-00000010.jsonl" }));
        Assert.That(File.ReadAllLines(Path.Combine(rig.Samples, "adversarial-00000005.jsonl")), Has.Length.EqualTo(8));
    }

    [Test]
    public void OnlySoManyCheckpointsAreKept()
    {
        using var rig = new TrainingRig();
        rig.Train(Experiment with { Training = Experiment.Training with { Iterations = 6, CheckpointEvery = 1, KeepCheckpoints = 3 } });
        Assert.That(Checkpoint.In(rig.Checkpoints).Select(one => one.Step), Is.EqualTo(new[] { 4, 5, 6 }));
        Assert.That(Directory.EnumerateFiles(rig.Checkpoints).Count(), Is.EqualTo(9), "three files each, and no other");
    }

    [Test]
    public void DiscriminatorsArePretrainedFirstEachForItsSteps()
    {
        using var rig = new TrainingRig();
        var options = Experiment with
        {
            Discriminators = TrainingRig.Read(Judge.Replace("\"weight\":0.5", "\"pretrainingSteps\":3", StringComparison.Ordinal),
                Other.Replace("\"weight\":2", "\"pretrainingSteps\":1", StringComparison.Ordinal)),
        };
        var lines = rig.Train(options).TakeWhile(line => line.Phase == "discriminator-pretraining").ToArray();
        Assert.That(lines.Select(line => line.Step), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(lines.Select(line => line.Values.ContainsKey("discriminator/judge/loss")), Is.All.True);
        Assert.That(lines.Select(line => line.Values.ContainsKey("discriminator/other/loss")), Is.EqualTo(new[] { true, false, false }));
        Assert.That(lines.SelectMany(line => line.Values.Keys).Where(key => key.StartsWith("term/", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>A discriminator that reads ids learns the difference: the generator follows it to the texts that it likes.</summary>
    [TestCaseSource(nameof(Cases))]
    public void TheGeneratorFollowsItsJudge(EstimatorOptions estimator, GeneratorOptions generator)
    {
        using var rig = new TrainingRig();
        // The scripted judge likes high ids and never learns.
        var perStep = estimator is PolicyGradientOptions { Credit: StepCreditOptions };
        var options = TrainingRig.Experiment with
        {
            Estimator = estimator is PolicyGradientOptions reinforce && perStep ? reinforce with { Credit = new SequenceCreditOptions() }
                : estimator,
            Generator = generator,
            Discriminators = [new ScriptedOptions { Name = "d", Data = "texts", StepsPerIteration = 0 }],
            Training = TrainingRig.Experiment.Training with {
                Iterations = 60, Batch = 32, Optimizer = new TextGan.Optimizers.AdamOptions { LearningRate = 0.02 } },
        };
        var lines = rig.Train(options).Where(line => line.Values.ContainsKey("total")).ToArray();
        double Mean(IEnumerable<MetricLine> some) => some.Average(line => line.Values["term/d/raw"]);
        Assert.That(Mean(lines[^5..]), Is.LessThan(Mean(lines[..5]) - 0.05));
    }

    sealed record OnlyAtFirst : ScheduleOptions
    {
        public override double ValueAt(long step, long total) => step < 2 ? 1 : 0;
    }

    /// <summary>
    /// Where no term reaches the generator it stays as it is, whatever its optimiser: neither momentum nor weight decay moves it.
    /// </summary>
    [Test]
    public void WithoutAnyGradientTheGeneratorStays([Values("adam", "sgd", "rmsprop")] string optimizer)
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Discriminators = TrainingRig.Read("""{"kind":"bag","name":"d","data":"texts","embedding":4,"hidden":5}"""),
            Combiner = new ScheduledCombinerOptions { Weights = new Dictionary<string, ScheduleOptions> { ["d"] = new OnlyAtFirst() } },
            Training = TrainingRig.Experiment.Training with
            {
                Optimizer = optimizer switch
                {
                    "adam" => new AdamOptions { LearningRate = 0.1, WeightDecay = 0.1 }, "sgd" =>
                        new SgdOptions { LearningRate = 1, Momentum = 0.9 }, _ => new RmsPropOptions { LearningRate = 0.1 },
                },
            },
        };
        using var parts = rig.Parts(options);
        var weights = new List<double[]> { TrainingRig.Weights(parts.Generator) };
        rig.Train(options, parts, new SilentObserver { OnStep = (_, _) => weights.Add(TrainingRig.Weights(parts.Generator)) });
        Assert.That(weights[1], Is.Not.EqualTo(weights[0]));
        Assert.That(weights[2], Is.Not.EqualTo(weights[1]));
        Assert.That(weights[3], Is.EqualTo(weights[2]));
        Assert.That(weights[4], Is.EqualTo(weights[2]));
    }
}
