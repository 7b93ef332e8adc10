using TextGan.Experiments;
using TextGan.Learning;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>Parts that only these tests have, in the loop as it is.</summary>
public sealed class AdversarialPartsTests
{
    static readonly ExperimentOptions Experiment = TrainingRig.Experiment with
    {
        Discriminators = TrainingRig.Read("""{"kind":"bag","name":"judge","data":"texts","embedding":4,"hidden":5}"""),
    };

    /// <summary>Σ w² of the generator's weights.</summary>
    sealed class WeightDecay(TextGan.Generators.Generator generator) : Regularizer
    {
        public override string Name => "decay";

        public override Tensor Of(GeneratedBatch batch) => stack([.. generator.parameters().Select(p => p.square().sum())]).sum();
    }

    [Test]
    public void A_regulariser_is_weighted_logged_and_followed()
    {
        using var rig = new TrainingRig();
        (double[] Before, double[] After, MetricLine[] Lines) Trained(double weight)
        {
            using var built = rig.Parts(Experiment);
            var parts = built with
            {
                Regularizers = [new WeightDecay(built.Generator)],
                Combiner = new FixedCombiner(new Dictionary<string, double> { ["judge"] = 0.5, ["decay"] = weight }),
            };
            var before = TrainingRig.Weights(parts.Generator);
            var lines = rig.Train(Experiment, parts);
            return (before, TrainingRig.Weights(parts.Generator), [.. lines.Where(line => line.Values.ContainsKey("total"))]);
        }
        var (before, after, lines) = Trained(3);
        var values = lines[0].Values;
        var squares = before.Sum(w => w * w);
        Assert.That(values["term/decay/raw"], Is.EqualTo(squares).Within(1e-4));
        Assert.That((values["term/decay/weight"], values["term/decay/weighted"]), Is.EqualTo((3.0, 3 * values["term/decay/raw"])));
        Assert.That(values["total"], Is.EqualTo(values["term/decay/weighted"] + values["term/judge/weighted"]).Within(1e-9));
        Assert.That(after.Sum(w => w * w), Is.LessThan(squares));
        Assert.That(Trained(0).After, Is.Not.EqualTo(after));
    }

    /// <summary>w_k = calls so far + 1.</summary>
    sealed class Counting : ValueCombiner
    {
        long calls;

        public override IReadOnlyList<double> Weights(TermGradients terms, long step) =>
            [.. Enumerable.Repeat((double)++calls, terms.Terms.Count)];

        public override void Save(StateBag bag) => bag.Put("calls", calls);

        public override void Load(StateBag bag) => calls = bag.GetLong("calls");
    }

    [Test]
    public void A_combiner_s_state_is_in_the_checkpoint()
    {
        using var rig = new TrainingRig();
        (double[] Weights, MetricLine[] Lines) Trained(int iterations, Checkpoint? from = null)
        {
            using var built = rig.Parts(Experiment);
            var parts = built with { Combiner = new Counting() };
            var options = Experiment.Training with { Iterations = iterations, CheckpointEvery = iterations };
            var file = Path.Combine(Path.GetDirectoryName(rig.Checkpoints)!, $"{iterations}-{from?.Step}.jsonl");
            using (var log = new MetricLog(file))
            {
                var recorder = new Recorder(rig.Samples, rig.Checkpoints, 3, log, new SilentObserver());
                var evaluator = new Evaluator(Experiment.Evaluation, [], rig.Materials.Encoder, 1);
                using var loop = new AdversarialLoop(options, Experiment.Evaluation, parts, rig.Materials.Encoder, evaluator, recorder, 1);
                if (from?.Read() is { } bag)
                {
                    loop.Load(bag);
                    bag.Clear();
                }
                loop.Run(default);
            }
            return (TrainingRig.Weights(parts.Generator),
                [.. MetricLog.ReadLines(file).Select(MetricLine.Parse).Where(line => line.Values.ContainsKey("total"))]);
        }
        var straight = Trained(4);
        Trained(2);
        var middle = Checkpoint.In(rig.Checkpoints).Single(one => one.Step == 2);
        var resumed = Trained(4, middle);
        Assert.That(resumed.Lines.Select(line => line.Values["term/judge/weight"]), Is.EqualTo(new[] { 3.0, 4 }));
        Assert.That(resumed.Weights, Is.EqualTo(straight.Weights));
    }

    [Test]
    public void The_reference_is_the_generator_at_the_start_does_not_learn_and_is_in_the_checkpoint()
    {
        using var rig = new TrainingRig();
        using (var without = rig.Parts(Experiment)) Assert.That(without.Reference, Is.Null, "nobody needs it");
        using var parts = rig.Parts(Experiment with { Regularizers = new() { Kl = 0.5 } });
        var start = TrainingRig.Weights(parts.Generator);
        rig.Train(Experiment, parts);
        Assert.That(TrainingRig.Weights(parts.Reference!), Is.EqualTo(start));
        Assert.That(TrainingRig.Weights(parts.Generator), Is.Not.EqualTo(start));
        Assert.That(rig.Stored(Checkpoint.In(rig.Checkpoints)[0], "reference"), Is.EqualTo(start));
    }
}
