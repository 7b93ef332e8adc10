using TextGan.Discriminators;
using TextGan.Learning;
using TextGan.Storage;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>Discriminators that are trained from scratch every few iterations.</summary>
public sealed class RefreshedDiscriminatorTests
{
    static DiscriminatorOptions Options(string more) => TrainingRig.Read($$"""
        {"kind":"bag","name":"d","data":"pairs","embedding":4,"hidden":5,"dropout":0,"batch":20,
         "loss":{"kind":"bradley-terry"},"opponents":{"generated":0,"rejected":1},
         "every":2,"stepsPerIteration":3,"fromScratch":true{{more}}}
        """)[0];

    /// <summary>The weights that judge, by name.</summary>
    static Dictionary<string, double[]> Weights(DiscriminatorTrainer trainer)
    {
        var bag = new StateBag();
        trainer.Save(bag);
        var weights = bag.Tensors.Where(pair => pair.Key.StartsWith("weights/", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key["weights/".Length..], pair => Generators.GeneratorCases.Doubles(pair.Value));
        bag.Clear();
        return weights;
    }

    static void Learn(DiscriminatorTrainer trainer, int updates = 1)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < updates; i++) trainer.Learn(new TextBatch(zeros([1, TrainingRig.Length], int64), 0), 0, new StepValues());
        trainer.TakeStep();
    }

    /// <summary>A model that is built as at the beginning, by the seed of that iteration.</summary>
    static Discriminator Build(DiscriminatorOptions options, long iteration)
    {
        Seeds.Set(1, "discriminator/d", iteration);
        return options.BuildModel(new DiscriminatorContext(8, TrainingRig.Length, 0, CPU, _ => ""));
    }

    /// <summary>Its weights.</summary>
    static Dictionary<string, double[]> Built(DiscriminatorOptions options, long iteration)
    {
        using var scope = NewDisposeScope();
        using var model = Build(options, iteration);
        return model.named_parameters().ToDictionary(pair => pair.name, pair => Generators.GeneratorCases.Doubles(pair.parameter));
    }

    [TestCase("")]
    [TestCase(",\"members\":2")]
    [TestCase(",\"optimizer\":{\"kind\":\"sgd\",\"learningRate\":0.5,\"momentum\":0.9}")]
    public void ItGetsTheWeightsOfANewBuildAndAnEmptyMemory(string more)
    {
        using var rig = new TrainingRig();
        var options = Options(more);
        using var parts = rig.Parts(TrainingRig.Experiment with { Discriminators = [options] });
        var trainer = parts.Discriminators[0];
        Assert.That(Weights(trainer), Is.EqualTo(Built(options, 0)));
        Learn(trainer, 20);
        var learnt = Weights(trainer);
        foreach (var iteration in new[] { 0, 1, 3 }) trainer.Restart(iteration);
        Assert.That(Weights(trainer), Is.EqualTo(learnt), "not in the first iteration, nor where it does not learn");
        trainer.Restart(2);
        var fresh = Weights(trainer);
        Assert.That(fresh, Is.EqualTo(Built(options, 2)));
        Assert.That(fresh, Is.Not.EqualTo(Built(options, 0)));
        Assert.That(fresh.Keys.Any(name => name.StartsWith("members.1.", StringComparison.Ordinal)), Is.EqualTo(more.Contains("members")));
        // A batch has all pairs, so that the next update is that of one which has learnt nothing before; with moments of twenty updates it
        // would be another.
        using var others = rig.Parts(TrainingRig.Experiment with { Discriminators = [options] });
        var untaught = others.Discriminators[0];
        untaught.Restart(2);
        Learn(trainer);
        Learn(untaught);
        var (moved, expected) = (Weights(trainer), Weights(untaught));
        // Not of biases, of which Bradley-Terry cancels some: there Adam makes steps out of rounding errors.
        foreach (var name in fresh.Keys.Where(name => name.EndsWith("weight", StringComparison.Ordinal)))
            Assert.That(moved[name], Is.EqualTo(expected[name]).Within(1e-5).And.Not.EqualTo(fresh[name]).Within(5e-4), name);
    }

    /// <summary>W/σ(W) of the new weights, by a singular value decomposition; and an update begins with them.</summary>
    [Test]
    public void SpectralNormBeginsAnew()
    {
        using var rig = new TrainingRig();
        var options = Options(",\"spectralNorm\":1");
        using var parts = rig.Parts(TrainingRig.Experiment with { Discriminators = [options] });
        var trainer = parts.Discriminators[0];
        Learn(trainer, 20);
        trainer.Restart(2);
        var fresh = Weights(trainer);
        using var scope = NewDisposeScope();
        using var model = Build(options, 2);
        foreach (var (name, built) in model.named_parameters().Where(pair => pair.parameter.dim() == 2))
        {
            var normalised = built.detach() / linalg.svdvals(built.detach()).max();
            Assert.That(fresh[name], Is.EqualTo(Generators.GeneratorCases.Doubles(normalised)).Within(1e-3), name);
        }
        Learn(trainer);
        foreach (var (name, weights) in Weights(trainer))
            Assert.That(weights.Zip(fresh[name], (after, before) => Math.Abs(after - before)).Max(), Is.LessThan(0.01), name);
    }

    /// <summary>Of ten iterations, counted from 0, numbers 4 and 8 refresh; updates move nothing, so that a build's weights stay.</summary>
    [Test]
    public void TheLoopRefreshesItOnItsSchedule()
    {
        using var rig = new TrainingRig();
        var options = Options("") with { Every = 4, Optimizer = new TextGan.Optimizers.SgdOptions { LearningRate = 0 } };
        var experiment = TrainingRig.Experiment with
        {
            Discriminators = [options], Training = TrainingRig.Experiment.Training with { Iterations = 10 },
        };
        using var parts = rig.Parts(experiment);
        var (changed, before) = ("", Weights(parts.Discriminators[0]));
        rig.Train(experiment, parts, new SilentObserver
        {
            OnStep = (_, _) =>
            {
                var now = Weights(parts.Discriminators[0]);
                changed += now["head.weight"].SequenceEqual(before["head.weight"]) ? '0' : '1';
                before = now;
            },
        });
        Assert.That(changed, Is.EqualTo("0000100010"));
        Assert.That(before, Is.EqualTo(Built(options, 8)));
    }

    /// <summary>Stopped before and after refreshes, also of an ensemble and of one with spectral norm and a normaliser.</summary>
    [Test]
    public void ResumingAcrossARefreshGivesTheSameBits()
    {
        using var run = new SmallRun();
        var experiment = run.Read("training.iterations=8", "normalization={}", "discriminators.real.every=2",
            "discriminators.real.fromScratch=true", "discriminators.real.spectralNorm=1", "discriminators.helpful.every=3",
            "discriminators.helpful.stepsPerIteration=2", "discriminators.helpful.fromScratch=true", "discriminators.helpful.members=2");
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        Assert.That(straight.Go().Outcome, Is.EqualTo("finished"));
        using var stopped = new InterruptedRun(experiment, Path.Combine(run.Folder, "stopped"));
        foreach (var at in (long[])[1, 2, 3, 4, 6]) stopped.Go((phase, step) => phase == Phase.Adversarial && step == at);
        Assert.That(stopped.Go().Outcome, Is.EqualTo("finished"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
    }

    [TestCase("discriminators.real.fromScratch=true",
        "$.discriminators.real.fromScratch: it would start over in every iteration; set 'every' to the iterations from one refresh to " +
        "the next, 2 or more.")]
    [TestCase("discriminators.real={\"kind\":\"cnn\",\"name\":\"real\",\"data\":\"text\",\"every\":3,\"freezeAfter\":3," +
        "\"fromScratch\":true}",
        "$.discriminators.real.fromScratch: but 'freezeAfter' is 3, and the first refresh would be in iteration 3 ('every', counted from " +
        "0), when it no longer learns; leave it out, or freeze it later.")]
    [TestCase("discriminators.real={\"kind\":\"cnn\",\"name\":\"real\",\"data\":\"text\",\"every\":3,\"stepsPerIteration\":0," +
        "\"fromScratch\":true}",
        "$.discriminators.real.fromScratch: but 'stepsPerIteration' is 0, so that it never learns in an iteration; leave it out, or give " +
        "it updates.")]
    [TestCase("discriminators.real={\"kind\":\"constant\",\"name\":\"real\",\"fromScratch\":true}",
        "$.discriminators.real.fromScratch: this kind of discriminator does not learn; leave it out.")]
    [TestCase("discriminators.real.fromScratch=1", "$.discriminators.real.fromScratch: found the number 1, expected true or false.")]
    public void TheOptionIsReadStrictly(string change, string message)
    {
        using var run = new SmallRun();
        Assert.That(() => run.Read(change), Throws.TypeOf<InvalidInputException>().With.Message.Contain(message));
    }
}
