using TextGan.Cli.Display;
using TextGan.Experiments;
using TextGan.Runs;
using TextGan.Generators;
using TextGan.Optimizers;
using TextGan.Tests.Runs;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

public sealed class MaximumLikelihoodTrainerTests
{
    /// <summary>24 random texts are soon known by heart, and then others seem unlikely: the held-out loss falls and rises.</summary>
    static ExperimentOptions Overfitting(int patience, int epochs = 60) => TrainingRig.Experiment with
    {
        Pretraining = new PretrainingOptions { Data = "texts", Epochs = epochs, Batch = 8, Patience = patience,
            Optimizer = new AdamOptions { LearningRate = 0.03 } },
        Generator = new LstmGeneratorOptions { Embedding = 12, Hidden = 24 },
    };

    static double HeldOutLoss(TrainingRig rig, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        generator.eval();
        var ids = TrainingRig.All(rig.Materials.Encoded["texts"].HeldOut);
        return TeacherForcing.Loss(generator, ids, TextBatch.MaskOf(ids, 0), 0).item<float>();
    }

    static double[] HeldOutLosses(IEnumerable<MetricLine> lines) =>
        [.. lines.Where(line => line.Values.ContainsKey("generator/heldOutLoss")).Select(line => line.Values["generator/heldOutLoss"])];

    [TestCase(1)]
    [TestCase(3)]
    public void StopsEarlyAndTakesTheBestWeightsBack(int patience)
    {
        using var rig = new TrainingRig();
        var options = Overfitting(patience);
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var losses = HeldOutLosses(rig.Pretrain(options, generator));
        var best = Array.IndexOf(losses, losses.Min());
        Assert.That(losses.Length, Is.LessThan(60), "it stopped early");
        Assert.That(best, Is.GreaterThan(0).And.EqualTo(losses.Length - 1 - patience), "after so many epochs without a better one");
        Assert.That(HeldOutLoss(rig, generator), Is.EqualTo(losses[best]).Within(1e-5), "and the weights are those of the best");

        // A run of just so many epochs ends with the same weights.
        var shorter = Overfitting(0, best + 1);
        using var same = new RunAssembly(shorter, rig.Materials, CPU, 1).BuildGenerator();
        rig.Pretrain(shorter, same);
        Assert.That(TrainingRig.Weights(same), Is.EqualTo(TrainingRig.Weights(generator)));
    }

    [Test]
    public void WithPatienceTheBestWeightsCountAtTheLastEpochToo()
    {
        using var rig = new TrainingRig();
        var probe = Overfitting(0);
        using var first = new RunAssembly(probe, rig.Materials, CPU, 1).BuildGenerator();
        var all = HeldOutLosses(rig.Pretrain(probe, first));
        var best = Array.IndexOf(all, all.Min());
        Assert.That(HeldOutLoss(rig, first), Is.EqualTo(all[^1]).Within(1e-5).And.GreaterThan(all[best] + 0.01),
            "without patience the last weights stay");

        var options = Overfitting(50, best + 3);
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        Assert.That(HeldOutLosses(rig.Pretrain(options, generator)), Has.Length.EqualTo(best + 3));
        Assert.That(HeldOutLoss(rig, generator), Is.EqualTo(all[best]).Within(1e-5));
    }

    /// <summary>One plain step by hand: w - rate · gradient of the mean loss of the first batch, which is all of the 24 texts.</summary>
    [TestCase(24)]
    [TestCase(64)]
    public void AnUpdateFollowsTheGradientOfTheMeanLoss(int batch)
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Pretraining = new PretrainingOptions {
                Data = "texts", Epochs = 1, Batch = batch, ClipGradient = 0, Optimizer = new SgdOptions { LearningRate = 0.5 } },
        };
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        using var copy = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        rig.Pretrain(options, generator);
        var ids = TrainingRig.All(rig.Materials.Encoded["texts"].Texts);
        TeacherForcing.Loss(copy, ids, TextBatch.MaskOf(ids, 0), 0).backward();
        double[] expected = [.. copy.parameters().SelectMany(p => Generators.GeneratorCases.Doubles(p - 0.5 * p.grad!))];
        Assert.That(TrainingRig.Weights(generator), Is.EqualTo(expected).Within(1e-6));
    }

    /// <summary>One update, whose loss is that of the weights at the start, whole or in parts.</summary>
    [TestCase(1)]
    [TestCase(3)]
    public void What_a_manager_learns_is_logged(int parts)
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Pretraining = new PretrainingOptions { Data = "texts", Epochs = 1, Batch = 24, Accumulate = parts },
        };
        manual_seed(3);
        var features = new Generators.SummedFeatures(
            new float[,] { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 3, 4 }, { -1, 2 }, { 2, -1 }, { 1, 1 }, { -2, 0 } });
        using var generator = new LeakGenerator(features, 8, TrainingRig.Length, 3, 4, 5, 3, 2, 1, 0.5);
        var texts = new TextBatch(TrainingRig.All(rig.Materials.Encoded["texts"].Texts), 0);
        double Loss() => GoalLoss.OfReal(generator, texts)!.item<float>();
        var loss = Loss();
        var line = rig.Pretrain(options, generator).Single(line => line.Values.ContainsKey("generator/loss"));
        Assert.That(line.Values["generator/managerLoss"], Is.EqualTo(loss).Within(1e-5));
        Assert.That(Loss(), Is.LessThan(loss - 1e-4), "it learns");
    }

    [Test]
    public void Without_a_manager_nothing_of_one_is_logged()
    {
        using var rig = new TrainingRig();
        using var generator = new RunAssembly(TrainingRig.Experiment, rig.Materials, CPU, 1).BuildGenerator();
        Assert.That(rig.Pretrain(TrainingRig.Experiment, generator).SelectMany(line => line.Values.Keys),
            Has.None.EqualTo("generator/managerLoss"));
    }

    [Test]
    public void LogsMeansOfTenUpdatesAndEvaluatesAtItsEpochs()
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Pretraining = new PretrainingOptions { Data = "texts", Epochs = 7, Batch = 8 },
            Evaluation = TrainingRig.Experiment.Evaluation with { EveryEpochs = 3 },
        };
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var observer = new SilentObserver();
        var lines = rig.Pretrain(options, generator, observer, metrics: new ProbeMetric());
        Assert.That(lines.Where(line => line.Values.ContainsKey("generator/loss")).Select(line => line.Step),
            Is.EqualTo(new[] { 10, 20, 21 }));
        Assert.That(lines.Where(line => line.Values.ContainsKey("generator/heldOutLoss")).Select(line => line.Step),
            Is.EqualTo(new[] { 3, 6, 9, 12, 15, 18, 21 }));
        Assert.That(lines.Where(line => line.Values.ContainsKey("metric/probe")).Select(line => line.Step),
            Is.EqualTo(new[] { 9, 18, 21 }));
        Assert.That(observer.Messages, Does.Contain("Pretraining: 21").And.Contain("Pretraining ended"));
        Assert.That(Checkpoint.In(rig.Checkpoints).Single().Name, Is.EqualTo("pretraining-00000021"));
        Assert.That(rig.Stored(Checkpoint.In(rig.Checkpoints).Single()), Is.EqualTo(TrainingRig.Weights(generator)));
    }

    /// <summary>24 texts: whatever the batch, as many tokens as their passes have, in so many updates.</summary>
    [TestCase(8, 3)]
    [TestCase(10, 3)]
    [TestCase(23, 2)]
    [TestCase(24, 1)]
    [TestCase(64, 1)]
    public void AnEpochIsOnePassOverTheData(int batch, int updates)
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with { Pretraining = new PretrainingOptions { Data = "texts", Epochs = 4, Batch = batch } };
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var observer = new SilentObserver();
        var lines = rig.Pretrain(options, generator, observer);
        var ids = TrainingRig.All(rig.Materials.Encoded["texts"].Texts);
        var tokens = TextBatch.MaskOf(ids, 0).sum().to_type(float64).item<double>();
        Assert.That(observer.Tokens, Is.EqualTo(4 * tokens));
        Assert.That(observer.Messages, Does.Contain($"Pretraining: {4 * updates}"));
        Assert.That(lines.Where(line => line.Values.ContainsKey("generator/heldOutLoss")).Select(line => line.Step),
            Is.EqualTo(Enumerable.Range(1, 4).Select(epoch => epoch * updates)));
    }

    [Test]
    public void TheLastUpdateIsLoggedAndShown([Values] bool stopsEarly)
    {
        using var rig = new TrainingRig();
        var options = stopsEarly ? Overfitting(1)
            : TrainingRig.Experiment with { Pretraining = new PretrainingOptions { Data = "texts", Epochs = 1, Batch = 8 } };
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var output = new StringWriter();
        var shown = new PlainProgress(output, output, TimeProvider.System).Of(new RunId("small", 1));
        shown.Receive(new RunEvent.Started(RunStanding.New, 1, 1));
        var lines = rig.Pretrain(options, generator, shown);
        var losses = lines.Where(line => line.Values.ContainsKey("generator/loss")).ToArray();
        var last = lines[^1].Step;
        Assert.That(losses[^1].Step, Is.EqualTo(last));
        Assert.That(losses[^1].Values, Contains.Key("generator/gradientNorm").And.ContainKey("tokensPerSecond"));
        if (stopsEarly) Assert.That(output.ToString(), Does.Match($@"pretraining: {last} of 180 steps in 0:\d\d \(ended early\); loss \d"));
        else Assert.That(output.ToString(), Does.Match(@"pretraining: 3 steps in 0:\d\d; loss \d").And.Not.Contain("early"));
    }

    /// <summary>The last line's loss is the mean over the updates since the line before, here the first three.</summary>
    [Test]
    public void TheLastLineTellsOfTheUpdatesSinceTheOneBefore()
    {
        using var rig = new TrainingRig();
        double[] Losses(int epochs)
        {
            var options = TrainingRig.Experiment with {
                Pretraining = new PretrainingOptions {
                Data = "texts", Epochs = epochs, Batch = 24, Optimizer = new SgdOptions { LearningRate = 0.1 } } };
            using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
            return [.. rig.Pretrain(options, generator).Where(line => line.Values.ContainsKey("generator/loss"))
                .Select(line => line.Values["generator/loss"])];
        }
        var (one, two, three) = (Losses(1)[0], Losses(2)[0], Losses(3)[0]);
        // two = (a + b) / 2 and three = (a + b + c) / 3, and the loss falls.
        Assert.That(Losses(1), Has.Length.EqualTo(1));
        Assert.That(one, Is.GreaterThan(two).And.GreaterThan(three));
        Assert.That(3 * three - 2 * two, Is.LessThan(2 * two - one));
        Assert.That(Losses(11), Has.Length.EqualTo(2));
    }

    /// <summary>Padding is no token: ten updates of all texts read each text's tokens, its end among them, ten times.</summary>
    [Test]
    public void SpeedCountsTheTokensOfTexts()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with { Pretraining = new PretrainingOptions { Data = "texts", Epochs = 10, Batch = 24 } };
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var observer = new SilentObserver();
        var lines = rig.Pretrain(options, generator, observer);
        var rows = TrainingRig.All(rig.Materials.Encoded["texts"].Texts).data<long>().ToArray().Chunk(TrainingRig.Length).ToArray();
        var tokens = rows.Sum(row => Array.IndexOf(row, 0L) is var end && end < 0 ? row.Length : end + 1);
        Assert.That(tokens, Is.LessThan(24 * TrainingRig.Length), "else there is no padding");
        Assert.That(observer.Tokens, Is.EqualTo(10 * tokens));
        Assert.That(lines.Single(line => line.Values.ContainsKey("generator/loss")).Values["tokensPerSecond"], Is.GreaterThan(0));
    }

    [TestCase("pairs", 1)]
    [TestCase("texts", 0)]
    public void PatienceWithoutHeldOutTextsIsWarnedOf(string data, int warnings)
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with {
            Pretraining = new PretrainingOptions { Data = data, Epochs = 1, Batch = 8, Patience = 2 } };
        using var generator = new RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var observer = new SilentObserver();
        rig.Pretrain(options, generator, observer);
        Assert.That(observer.Messages.Count(message =>
            message == "warning: 'pretraining.patience' is 2, but the data set 'pairs' has no held-out texts: all epochs are trained"),
            Is.EqualTo(warnings));
    }

    [Test]
    public void TheSameSeedGivesTheSameBitsHoweverOftenItIsEvaluated([Values("lstm", "transformer")] string kind)
    {
        using var rig = new TrainingRig();
        double[] Trained(int seed, int every)
        {
            var options = TrainingRig.Experiment with
            {
                Generator = kind == "lstm" ? new LstmGeneratorOptions { Embedding = 5, Hidden = 6, Layers = 2, Dropout = 0.2 }
                    : new TransformerGeneratorOptions { Hidden = 8, Heads = 2, Dropout = 0.2 },
                Evaluation = TrainingRig.Experiment.Evaluation with { EveryEpochs = every },
            };
            using var generator = new RunAssembly(options, rig.Materials, CPU, seed).BuildGenerator();
            rig.Pretrain(options, generator, seed: seed);
            return TrainingRig.Weights(generator);
        }
        var first = Trained(1, 0);
        Assert.That(Trained(1, 0), Is.EqualTo(first));
        Assert.That(Trained(1, 1), Is.EqualTo(first));
        Assert.That(Trained(2, 0), Is.Not.EqualTo(first));
    }
}
