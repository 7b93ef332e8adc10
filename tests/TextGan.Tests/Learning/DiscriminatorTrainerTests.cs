using TextGan.Discriminators.Losses;
using TextGan.Discriminators;
using TextGan.Learning;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

public sealed class DiscriminatorTrainerTests
{
    const int V = 8;

    /// <summary>One update on the pairs of the rig with four real texts; what the discriminator was shown, joined in one batch.</summary>
    static (long[][] Ids, double[][]? Relaxed) Shown(
        TrainingRig rig, OpponentOptions opponents, TextBatch pool, long from = 0, AdversarialLossOptions? loss = null)
    {
        var (ids, relaxed) = (new List<long[]>(), new List<double[]>());
        var options = new ScriptedOptions
        {
            Name = "d", Data = "pairs", Batch = 4, Opponents = opponents, Loss = loss ?? new NonSaturatingLossOptions(),
            Seen = (tokens, _) =>
            {
                ids.AddRange(tokens.Ids.data<long>().ToArray().Chunk(TrainingRig.Length));
                if (tokens.Relaxed is { } soft) relaxed.AddRange(Generators.GeneratorCases.Doubles(soft).Chunk(TrainingRig.Length * V));
            },
        };
        using var trainer = new DiscriminatorTrainer(
            options, options.Build(new DiscriminatorContext(V, TrainingRig.Length, 0, CPU, _ => "")), rig.Materials.Encoded["pairs"], null,
            CPU, 0, 99, seed: 1);
        Assert.That(trainer.GeneratedPerStep, Is.EqualTo(4 - opponents.RejectedOf(4)));
        trainer.Learn(pool, from, new StepValues());
        return ([.. ids], relaxed.Count > 0 ? [.. relaxed] : null);
    }

    static TextBatch Pool(bool relaxed)
    {
        manual_seed(1);
        var ids = randint(2, V, [10, TrainingRig.Length], dtype: int64);
        return new TextBatch(ids, 0, relaxed ? randn(10, TrainingRig.Length, V).softmax(-1) : null);
    }

    static long[][] Rows(Tensor ids) => ids.data<long>().ToArray().Chunk((int)ids.shape[1]).ToArray();

    /// <summary>Real texts first, then rejected, then generated. Row i is rejected against the chosen text of its own pair.</summary>
    [Test]
    public void ShowsEachPairAndItsShareOfGeneratedTexts(
        [Values(0.0, 1, 3)] double generated, [Values(0.0, 1, 3)] double rejected, [Values] bool relaxed)
    {
        if (generated + rejected == 0) return;
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var opponents = new OpponentOptions { Generated = generated, Rejected = rejected };
        var count = (int)Math.Round(4 * rejected / (generated + rejected));
        var pool = Pool(relaxed);
        var (ids, soft) = Shown(rig, opponents, pool, from: 3);
        Assert.That(ids, Has.Length.EqualTo(8));
        var (chosen, other) =
            (Rows(TrainingRig.All(rig.Materials.Encoded["pairs"].Texts)), Rows(TrainingRig.All(rig.Materials.Encoded["pairs"].Rejected!)));
        var used = new HashSet<int>();
        for (var row = 0; row < 4; row++)
        {
            int[] pairs = [.. Enumerable.Range(0, chosen.Length).Where(pair => chosen[pair].SequenceEqual(ids[row]))];
            Assert.That(pairs, Is.Not.Empty, "the real side is of the data set");
            if (row < count) Assert.That(pairs.Select(pair => other[pair]), Has.Some.EqualTo(ids[4 + row]), $"pair {row}");
            used.Add(pairs[0]);
        }
        Assert.That(used, Has.Count.EqualTo(4), "without repeats");
        var drawn = Rows(pool.Ids);
        for (var row = count; row < 4; row++) Assert.That(
            ids[4 + row], Is.EqualTo(drawn[3 + row - count]), "the pool from its third row on");

        if (!relaxed || count == 4)
        {
            Assert.That(soft, Is.Null);
            return;
        }
        var shown = Generators.GeneratorCases.Doubles(pool.Relaxed!).Chunk(TrainingRig.Length * V).ToArray();
        Assert.That(soft, Has.Length.EqualTo(4), "real texts are ids");
        for (var row = 0; row < 4; row++)
        {
            double[] oneHot = [.. ids[4 + row].SelectMany(id => Enumerable.Range(0, V).Select(v => v == id ? 1.0 : 0))];
            Assert.That(soft![row], Is.EqualTo(row < count ? oneHot : shown[3 + row - count]));
        }
    }

    /// <summary>And, where generated texts are among the opponents, the last chosen texts with those.</summary>
    [TestCase(0, 1, 20)]
    [TestCase(1, 3, 15)]
    public void BradleyTerryComparesTheTwoOfAPair(double generated, double rejected, int pairs)
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var values = new StepValues();
        long[][] ids = [];
        var options = new ScriptedOptions
        {
            Name = "d", Data = "pairs", Batch = 20, Opponents = new OpponentOptions { Generated = generated, Rejected = rejected },
                Loss = new BradleyTerryLossOptions(),
            Seen = (tokens, _) => ids = Rows(tokens.Ids),
        };
        var pool = Pool(false);
        using var trainer = new DiscriminatorTrainer(
            options, options.Build(new DiscriminatorContext(V, TrainingRig.Length, 0, CPU, _ => "")), rig.Materials.Encoded["pairs"], null,
            CPU, 0, 99, seed: 1);
        trainer.Learn(pool, 0, values);
        Assert.That(ids[(20 + pairs)..], Is.EqualTo(Rows(pool.Ids)[..(20 - pairs)]));
        var (chosen, other) =
            (Rows(TrainingRig.All(rig.Materials.Encoded["pairs"].Texts)), Rows(TrainingRig.All(rig.Materials.Encoded["pairs"].Rejected!)));
        for (var row = 0; row < pairs; row++)
            Assert.That(chosen.Zip(other), Has.Some.Matches<(long[] Chosen, long[] Rejected)>(pair =>
                pair.Chosen.SequenceEqual(ids[row]) && pair.Rejected.SequenceEqual(ids[20 + row])));
        // The scripted discriminator's logit by hand: the mean over positions up to the end of -1 + 2·id/7.
        double Logit(long[] row)
        {
            var end = Array.IndexOf(row, 0L);
            return row[..(end < 0 ? row.Length : end + 1)].Sum(id => -1 + 2 * id / 7.0) / row.Length;
        }
        // -log σ(d) of each chosen text and its opponent, all rows weighing the same.
        var expected = Enumerable.Range(0, 20).Average(row => Math.Log(1 + Math.Exp(Logit(ids[20 + row]) - Logit(ids[row]))));
        var read = values.Read();
        Assert.That(read["discriminator/d/loss"], Is.EqualTo(expected).Within(1e-5));
        Assert.That(read, Contains.Key("discriminator/d/accuracyRejected"));
        Assert.That(read.ContainsKey("discriminator/d/accuracyGenerated"), Is.EqualTo(generated > 0));
    }

    /// <summary>Which of ten iterations it learns in, and how often.</summary>
    [TestCase("", "1111111111")]
    [TestCase("\"stepsPerIteration\":3", "3333333333")]
    [TestCase("\"stepsPerIteration\":0", "0000000000")]
    [TestCase("\"every\":3", "1001001001")]
    [TestCase("\"every\":4,\"stepsPerIteration\":2", "2000200020")]
    [TestCase("\"every\":4,\"stepsPerIteration\":3,\"fromScratch\":true", "3000300030")]
    [TestCase("\"freezeAfter\":4", "1111000000")]
    [TestCase("\"freezeAfter\":0", "0000000000")]
    [TestCase("\"every\":2,\"freezeAfter\":5,\"stepsPerIteration\":5", "5050500000")]
    public void LearnsInItsIterations(string settings, string steps)
    {
        using var rig = new TrainingRig();
        var json = """{"kind":"bag","name":"d","data":"texts","embedding":4,"hidden":5""" +
            $$"""{{(settings.Length > 0 ? "," : "")}}{{settings}}}""";
        var options = TrainingRig.Experiment with {
            Discriminators = TrainingRig.Read(json), Training = TrainingRig.Experiment.Training with { Iterations = 10 } };
        using var parts = rig.Parts(options);
        Assert.That(string.Concat(Enumerable.Range(0, 10).Select(i => parts.Discriminators[0].StepsAt(i))), Is.EqualTo(steps));

        // The weights move in those iterations and in no other.
        var moved = "";
        var bag = new TextGan.Storage.StateBag();
        double[] Current()
        {
            parts.Discriminators[0].Save(bag.Scope("d"));
            double[] weights = [.. bag.Tensors.Where(t => t.Key.StartsWith("d/weights", StringComparison.Ordinal))
                .OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => Generators.GeneratorCases.Doubles(t.Value))];
            bag.Clear();
            return weights;
        }
        var discriminator = Current();
        var lines = rig.Train(options, parts, new TextGan.Tests.Runs.SilentObserver
        {
            OnStep = (_, _) =>
            {
                var now = Current();
                moved += now.SequenceEqual(discriminator) ? '0' : '1';
                discriminator = now;
            },
        });
        Assert.That(moved, Is.EqualTo(string.Concat(steps.Select(c => c == '0' ? '0' : '1'))));
        Assert.That(string.Concat(
            lines.Where(line => line.Values.ContainsKey("total"))
            .Select(line => line.Values.ContainsKey("discriminator/d/loss") ? '1' : '0')), Is.EqualTo(moved), "and are logged then");
        Assert.That(lines.Where(line => line.Values.ContainsKey("total")).Select(line => line.Values.ContainsKey("term/d/raw")),
            Is.All.True, "it judges all the time");
    }

    static double[] Weights(DiscriminatorTrainer trainer)
    {
        var bag = new TextGan.Storage.StateBag();
        trainer.Save(bag);
        double[] weights = [.. bag.Tensors.Where(t => t.Key.StartsWith("weights", StringComparison.Ordinal))
            .OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => Generators.GeneratorCases.Doubles(t.Value))];
        bag.Clear();
        return weights;
    }

    /// <summary>
    /// Two time scales: Adam's first step is the learning rate in every coordinate. Neither side's rate or number of updates changes the
    /// other's step.
    /// </summary>
    [Test]
    public void LearningRatesAndCadencesAreIndependent()
    {
        using var rig = new TrainingRig();
        (double Generator, double Discriminator) Moved(double generatorRate, double discriminatorRate, int steps = 1)
        {
            var options = TrainingRig.Experiment with
            {
                Discriminators = [TrainingRig.Read("""{"kind":"bag","name":"d","data":"texts"}""")[0] with {
                    StepsPerIteration = steps, Optimizer = new TextGan.Optimizers.AdamOptions { LearningRate = discriminatorRate } }],
                Training = TrainingRig.Experiment.Training with {
                    Iterations = 1, Optimizer = new TextGan.Optimizers.AdamOptions { LearningRate = generatorRate } },
            };
            using var parts = rig.Parts(options);
            var (generator, discriminator) = (TrainingRig.Weights(parts.Generator), Weights(parts.Discriminators[0]));
            rig.Train(options, parts);
            static double Largest(double[] after, double[] before) => after.Zip(before, (a, b) => Math.Abs(a - b)).Max();
            return (Largest(TrainingRig.Weights(parts.Generator), generator), Largest(Weights(parts.Discriminators[0]), discriminator));
        }
        foreach (var (ofGenerator, ofDiscriminator) in new[] { (1e-4, 4e-4), (4e-4, 1e-4), (4e-4, 4e-4) })
        {
            var moved = Moved(ofGenerator, ofDiscriminator);
            Assert.That(moved.Generator, Is.EqualTo(ofGenerator).Within(2).Percent);
            Assert.That(moved.Discriminator, Is.EqualTo(ofDiscriminator).Within(2).Percent);
        }
        var often = Moved(1e-4, 4e-4, steps: 5);
        Assert.That(often.Generator, Is.EqualTo(1e-4).Within(2).Percent);
        Assert.That(often.Discriminator, Is.InRange(10e-4, 21e-4), "five updates");
    }

    /// <summary>γ/2 of the squared gradient at the real texts is added to the loss, whichever that is.</summary>
    [TestCase("non-saturating")]
    [TestCase("hinge")]
    [TestCase("relativistic")]
    public void R1IsAddedToAnyLoss(string kind)
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        double Loss(double γ, List<TextBatch> seen)
        {
            var options = new ScriptedOptions
            {
                Name = "d", Data = "texts", Batch = 4, R1 = γ,
                Loss = Discriminators.DiscriminatorCases.ReadLoss($$"""{"kind":"{{kind}}"}"""),
                Seen = (tokens, _) => seen.Add(TextBatch.WithMask(
                    tokens.Ids.clone().DetachFromDisposeScope(), tokens.Mask.clone().DetachFromDisposeScope())),
            };
            using var trainer = new DiscriminatorTrainer(
                options, options.Build(new DiscriminatorContext(V, TrainingRig.Length, 0, CPU, _ => "")), rig.Materials.Encoded["texts"],
                null, CPU, 0, 99, seed: 1);
            var values = new StepValues();
            trainer.Learn(Pool(false), 0, values);
            return values.Read()["discriminator/d/loss"];
        }
        List<TextBatch> seen = [];
        var (without, with) = (Loss(0, []), Loss(3, seen));
        Assert.That(seen, Has.Count.EqualTo(2), "both sides, then the real one");
        Assert.That(Rows(seen[1].Ids), Is.EqualTo(Rows(seen[0].Ids)[..4]));
        // The scripted discriminator's gradient at a position that counts is its weights / T.
        double[] weights = [.. Enumerable.Range(0, V).Select(v => -1 + 2 * v / 7.0)];
        var expected = seen[1].Mask.sum(1).mean().item<float>() * weights.Sum(w => w * w) / (TrainingRig.Length * TrainingRig.Length);
        Assert.That(with - without, Is.EqualTo(1.5 * expected).Within(1e-5));
    }

    /// <summary>
    /// After each update, and back from a checkpoint, the model that judges has its bound, as nearly as one power iteration follows a step
    /// of the optimiser; and it learns.
    /// </summary>
    [Test]
    public void SpectrallyNormalisedOnesLearnAndKeepTheirBound()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = TrainingRig.Read("""{"kind":"bag","name":"d","data":"texts","batch":16,"spectralNorm":1,"dropout":0}""")[0]
            with { Optimizer = new TextGan.Optimizers.AdamOptions { LearningRate = 0.001 } };
        DiscriminatorTrainer Trainer(out Discriminator model)
        {
            manual_seed(1);
            model = options.Build(new DiscriminatorContext(V, TrainingRig.Length, 0, CPU, _ => ""));
            return new DiscriminatorTrainer(options, model, rig.Materials.Encoded["texts"], null, CPU, 0, 99, seed: 1);
        }
        using var trainer = Trainer(out var model);
        var pool = new TextBatch(randint(2, 4, [16, TrainingRig.Length], dtype: int64), 0);
        var values = new StepValues();
        List<double> losses = [];
        for (var i = 0; i < 100; i++)
        {
            trainer.Learn(pool, 0, values);
            trainer.TakeStep();
            losses.Add(values.Read()["discriminator/d/loss"]);
            foreach (var (name, parameter) in model.named_parameters())
                if (parameter.dim() == 2)
                    Assert.That(linalg.svdvals(parameter.detach()).max().item<float>(), Is.EqualTo(1).Within(0.2), $"{name} at {i}");
        }
        Assert.That(losses[^5..].Average(), Is.LessThan(losses[..5].Average() - 0.01));
        var bag = new TextGan.Storage.StateBag();
        trainer.Save(bag);
        using var other = Trainer(out var same);
        other.Load(bag);
        bag.Clear();
        foreach (var one in new[] { trainer, other })
        {
            one.Learn(pool, 0, values);
            one.TakeStep();
        }
        Assert.That(TrainingRig.Weights(same), Is.EqualTo(TrainingRig.Weights(model)));
    }

    [Test]
    public void ControlsNeverLearn()
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with {
            Discriminators = TrainingRig.Read("""{"kind":"constant","name":"c","pretrainingSteps":3}""",
                """{"kind":"random","name":"r"}""") };
        using var parts = rig.Parts(options);
        Assert.That(parts.Discriminators.Select(d => (d.StepsAt(0), d.PretrainingSteps)), Is.All.EqualTo((0, 0)));
        Assert.That(rig.Train(options, parts).SelectMany(line => line.Values.Keys)
            .Where(name => name.StartsWith("discriminator/", StringComparison.Ordinal)), Is.All.Contains("/heldOut"),
            "they are measured only");
    }

    /// <summary>The generator's step judges with frozen weights and without dropout; learning brings both back.</summary>
    [Test]
    public void TheGeneratorsStepLeavesNoTraceOnDiscriminators()
    {
        using var rig = new TrainingRig();
        var modes = new List<bool>();
        var options = TrainingRig.Experiment with
        {
            Estimator = new TextGan.Learning.Updates.PathwiseOptions(),
            Discriminators = [new ScriptedOptions {
                Name = "d", Data = "texts", FreezeAfter = 2, Seen = (_, learning) => modes.Add(learning) }],
        };
        rig.Train(options);
        // Ids of both sides are read together: one call in learning, then one judgement; after the second iteration judgements only.
        // The evaluations before and after have it read held-out texts and samples.
        Assert.That(modes, Is.EqualTo(new[] { false, false, true, false, true, false, false, false, false, false }));
    }

    [TestCase(1, 0, 64, 0)]
    [TestCase(0, 1, 64, 64)]
    [TestCase(1, 3, 64, 48)]
    [TestCase(1, 1, 5, 3)]
    [TestCase(2, 1, 4, 1)]
    public void SharesOfOpponents(double generated, double rejected, int batch, int expected) =>
        Assert.That(new OpponentOptions { Generated = generated, Rejected = rejected }.RejectedOf(batch), Is.EqualTo(expected));

    [Test]
    public void NoOpponentsAreRefused() =>
        Assert.That(new OpponentOptions { Generated = 0, Rejected = 0 }.Validate("$.discriminators[0].opponents").Single().ToString(),
            Is.EqualTo("$.discriminators[0].opponents: both shares are 0; at least one of 'generated' and 'rejected' must be positive."));
}
