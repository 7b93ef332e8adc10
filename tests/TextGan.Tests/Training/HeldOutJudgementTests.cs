using TextGan.Data;
using TextGan.Discriminators.Losses;
using TextGan.Discriminators;
using TextGan.Learning;
using TextGan.Tests.Runs;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

/// <summary>What discriminators say of held-out texts and of an evaluation's samples.</summary>
public sealed class HeldOutJudgementTests
{
    static readonly OpponentOptions Both = new() { Generated = 1, Rejected = 3 };

    static Dictionary<string, double> Figures(AdversarialLoss loss, double[]? real, double[] generated, double[]? rejected)
    {
        using var scope = NewDisposeScope();
        Tensor? Of(double[]? scores) => scores is null ? null : tensor(scores, float32);
        return HeldOutJudgement.Figures(loss, Both, Of(real), Of(generated)!, Of(rejected))
            .ToDictionary(pair => pair.Key, pair => Math.Round(pair.Value, 6));
    }

    static readonly double[] Real = [3, -1, 0, 2], Generated = [-2, 1, 0.25], Rejected = [1, -3, 0, 0.75];

    /// <summary>By hand; the threshold is 0, and a score on it is half right.</summary>
    [Test]
    public void AFixedThreshold() =>
        Assert.That(Figures(new NonSaturatingLoss(), Real, Generated, Rejected), Is.EquivalentTo(new Dictionary<string, double>
    {
        ["heldOutScoreReal"] = 1, // (3 - 1 + 0 + 2) / 4
        ["heldOutAccuracyReal"] = 0.625, // 3 and 2 above, 0 on it
        ["heldOutScoreGenerated"] = -0.25,
        ["heldOutAccuracyGenerated"] = 0.333333, // -2 below
        ["heldOutScoreRejected"] = -0.3125,
        ["heldOutAccuracyRejected"] = 0.375, // -3 below, 0 on it
        ["heldOutAccuracyPairs"] = 0.875, // 3 > 1, -1 > -3, 0 = 0, 2 > 0.75
        ["heldOutPairs"] = 4,
        ["heldOutAccuracyPairsLow"] = 0.395773, // the Wilson interval of 3.5 of 4
        ["heldOutAccuracyPairsHigh"] = 0.986809,
    }));

    /// <summary>Targets 1 and 0: the threshold is ½.</summary>
    [Test]
    public void AThresholdOfTheLoss()
    {
        var found = Figures(new LeastSquaresLoss(), Real, Generated, Rejected);
        Assert.That((found["heldOutAccuracyReal"], found["heldOutAccuracyGenerated"], found["heldOutAccuracyRejected"]),
            Is.EqualTo((0.5, 0.666667, 0.5)));
    }

    /// <summary>
    /// Midway between the mean of real texts, 1, and that of four opponents in the shares 3 to 1: the rejected 1, -3, 0 and the generated
    /// -2, whose mean is -1. So it is 0. Without rejected texts the opponents are three generated, with the mean -0.25: 0.375.
    /// </summary>
    [Test]
    public void AThresholdMidwayBetweenBothSides()
    {
        var found = Figures(new RelativisticLoss(), Real, Generated, Rejected);
        Assert.That((found["heldOutAccuracyReal"], found["heldOutAccuracyGenerated"], found["heldOutAccuracyRejected"]),
            Is.EqualTo((0.625, 0.333333, 0.375)));
        found = Figures(new RelativisticLoss(), Real, Generated, null);
        Assert.That((found["heldOutAccuracyReal"], found["heldOutAccuracyGenerated"]), Is.EqualTo((0.5, 0.666667)));
        Assert.That(found.Keys, Has.None.Contains("Rejected").And.None.Contains("Pairs"));
    }

    [Test]
    public void WithoutRealTextsNothingIsRightOrWrong() =>
        Assert.That(Figures(new RelativisticLoss(), null, Generated, null),
            Is.EquivalentTo(new Dictionary<string, double> { ["heldOutScoreGenerated"] = -0.25 }));

    /// <summary>By hand: 3.5 of 4 pairs against 5 of 8; the interval by Newcombe's formula in another program.</summary>
    [Test]
    public void TheGapToPairsThatItLearntFrom()
    {
        using var scope = NewDisposeScope();
        var figures = new Dictionary<string, double> { ["heldOutAccuracyPairs"] = 0.625, ["heldOutPairs"] = 8 };
        HeldOutJudgement.AddGap(figures, tensor(Real, float32), tensor(Rejected, float32));
        var found = figures.ToDictionary(pair => pair.Key, pair => Math.Round(pair.Value, 6));
        Assert.That(found, Is.EquivalentTo(new Dictionary<string, double>
        {
            ["heldOutAccuracyPairs"] = 0.625,
            ["heldOutPairs"] = 8,
            ["trainingAccuracyPairs"] = 0.875, // 3 > 1, -1 > -3, 0 = 0, 2 > 0.75
            ["trainingPairs"] = 4,
            ["gapPairs"] = 0.25,
            ["gapPairsLow"] = -0.285142,
            ["gapPairsHigh"] = 0.588270,
        }));
    }

    [TestCase(10, 5, new long[] { 0, 2, 4, 6, 8 })]
    [TestCase(7, 3, new long[] { 0, 2, 4 })]
    [TestCase(3, 5, new long[] { 0, 1, 2 })]
    [TestCase(0, 5, new long[0])]
    [TestCase(4_000_000_000_000_000_000, 2, new[] { 0, 2_000_000_000_000_000_000 })]
    public void RowsAtEvenDistances(long rows, int most, long[] expected) =>
        Assert.That(HeldOutJudgement.Spread(rows, most), Is.EqualTo(expected));

    /// <summary>Against the scripted discriminator's logits by hand, pairs kept together, in chunks of any size.</summary>
    [Test]
    public void ADiscriminatorReadsItsOwnHeldOutPairs([Values(30, 400)] int most)
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var encoder = rig.Materials.Encoder;
        var random = new Random(3);
        string Text() => string.Join(' ', Enumerable.Range(0, random.Next(1, 6)).Select(_ => "abcdef"[random.Next(6)]));
        string Other(string text) => Text() is var other && other != text ? other : Other(text); // equal pairs would be skipped
        string[] chosen = [.. Enumerable.Range(0, 300).Select(_ => Text())], rejected = [.. chosen.Select(Other)],
            made = [.. Enumerable.Range(0, 270).Select(_ => Text())];
        using var set = TrainingRig.Encode(new DataSet("pairs", new DataSplit(["a"], ["b"]), new DataSplit(chosen, rejected), ""), encoder);
        var modes = new List<bool>();
        var options = new ScriptedOptions { Name = "d", Data = "pairs", Seen = (_, learning) => modes.Add(learning) };
        using var trainer = new DiscriminatorTrainer(
            options, options.Build(new DiscriminatorContext(8, TrainingRig.Length, 0, CPU, _ => "")), set, null, CPU, 0, 99, seed: 1);
        var (found, scores) = trainer.JudgeHeldOut(new(encoder.Encode(made), 0), most);

        double Score(string text)
        {
            var row = new long[TrainingRig.Length];
            encoder.EncodeRow(text, row);
            var end = Array.IndexOf(row, 0L);
            return row[..(end < 0 ? row.Length : end + 1)].Sum(id => -1 + 2 * id / 7.0) / row.Length;
        }
        int[] rows = [.. Enumerable.Range(0, 300).Where(row => most > 300 || row % 10 == 0)];
        Assert.That(found["heldOutScoreReal"], Is.EqualTo(rows.Average(i => Score(chosen[i]))).Within(1e-6));
        Assert.That(found["heldOutScoreRejected"], Is.EqualTo(rows.Average(i => Score(rejected[i]))).Within(1e-6));
        Assert.That(found["heldOutScoreGenerated"], Is.EqualTo(made.Average(Score)).Within(1e-6));
        Assert.That(scores, Is.EqualTo(made.Select(Score)).Within(1e-6), "of each generated text");
        // The model's scores are rounded to 32 bits: what is a tie by hand may be none there, and counts anything from 0 to 1.
        void Share(string name, IEnumerable<double> margins)
        {
            double[] all = [.. margins];
            var ties = all.Count(margin => Math.Abs(margin) < 1e-6);
            Assert.That(ties, Is.LessThan(all.Length / 3), "else this shows nothing");
            Assert.That(found[name], Is.EqualTo((all.Count(margin => margin >= 1e-6) + 0.5 * ties) / all.Length)
                .Within(0.5 * ties / all.Length + 1e-6), name);
        }
        Share("heldOutAccuracyPairs", rows.Select(i => Score(chosen[i]) - Score(rejected[i])));
        Share("heldOutAccuracyReal", rows.Select(i => Score(chosen[i])));
        Share("heldOutAccuracyRejected", rows.Select(i => -Score(rejected[i])));
        Share("heldOutAccuracyGenerated", made.Select(text => -Score(text)));
        Assert.That(modes, Is.All.False, "it does not learn, and drops nothing out");
    }

    /// <summary>
    /// Twelve held-out pairs and as many of twenty-four training pairs, every second one, against the scripted discriminator's logits by
    /// hand: "f" scores above "a". Who does not learn from pairs has no gap.
    /// </summary>
    [TestCase(1, 12)]
    [TestCase(0, 0)]
    public void PairsThatItLearnsFromAreJudgedToo(double rejected, int pairs)
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var encoder = rig.Materials.Encoder;
        // Right on the pairs 0, 2, 4 ... 14 of the training pairs that are read, wrong on 16 to 22; on 3 of the held-out ones right.
        string[] chosen = [.. Enumerable.Range(0, 24).Select(i => i % 2 == 0 && i < 16 ? "f" : "a")];
        string[] heldOut = [.. Enumerable.Range(0, 12).Select(i => i < 3 ? "f" : "a")];
        static string[] Others(string[] texts) => [.. texts.Select(text => text == "f" ? "a" : "f")];
        using var set = TrainingRig.Encode(
            new DataSet("pairs", new DataSplit(chosen, Others(chosen)), new DataSplit(heldOut, Others(heldOut)), ""), encoder);
        var options = new ScriptedOptions { Name = "d", Data = "pairs", Opponents = new OpponentOptions { Rejected = rejected } };
        using var trainer = new DiscriminatorTrainer(
            options, options.Build(new DiscriminatorContext(8, TrainingRig.Length, 0, CPU, _ => "")), set, null, CPU, 0, 99, seed: 1);
        var (found, _) = trainer.JudgeHeldOut(new(encoder.Encode(["a"]), 0), most: 100, atOnce: 5);
        Assert.That(found.GetValueOrDefault("trainingPairs"), Is.EqualTo(pairs));
        Assert.That(found["heldOutAccuracyPairs"], Is.EqualTo(0.25).Within(1e-6));
        if (pairs == 0) Assert.That(found.Keys, Has.None.Contains("gap"));
        else Assert.That((found["trainingAccuracyPairs"], found["gapPairs"]), Is.EqualTo((8 / 12.0, 5 / 12.0)).Within(1e-6));
    }

    /// <summary>
    /// Frozen, idle and control ones, too; a judge that draws numbers disturbs neither the training nor its own later figures.
    /// </summary>
    [Test]
    public void EveryDiscriminatorIsMeasuredAndTrainingDoesNotNotice()
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Discriminators = TrainingRig.Read(
                """{"kind":"lstm","name":"learning","data":"texts","embedding":4,"hidden":5,"dropout":0.5}""",
                """{"kind":"bag","name":"frozen","data":"texts","embedding":4,"hidden":5,"freezeAfter":0}""",
                """{"kind":"random","name":"noise","data":"texts"}""", """{"kind":"constant","name":"same","value":2}"""),
        };
        (double[] Weights, MetricLine[] Lines) Trained(int every)
        {
            var measured = options with { Evaluation = options.Evaluation with { Every = every } };
            using var parts = rig.Parts(measured);
            return (TrainingRig.Weights(parts.Generator), rig.Train(measured, parts));
        }
        var (often, seldom) = (Trained(1), Trained(1000));
        static IEnumerable<string> Steps(MetricLine[] lines) => lines.Where(line => line.Values.ContainsKey("total"))
            .Select(line => line.WithoutTimes().ToJson());
        Assert.That(Steps(often.Lines), Is.EqualTo(Steps(seldom.Lines)));

        Dictionary<string, double> At(MetricLine[] lines, int step) =>
            lines.Single(line => line.Step == step && line.Values.Keys.Any(name => name.Contains("heldOut"))).Values.ToDictionary();
        Assert.That(At(often.Lines, 4), Is.EquivalentTo(At(seldom.Lines, 4)), "what is found does not depend on earlier evaluations");
        var last = At(often.Lines, 4);
        foreach (var name in (string[])["learning", "frozen", "noise"])
            foreach (var figure in (string[])["ScoreReal", "ScoreGenerated", "AccuracyReal", "AccuracyGenerated"])
                Assert.That(last[$"discriminator/{name}/heldOut{figure}"], Is.Not.NaN);
        Assert.That(last.Where(pair => pair.Key.StartsWith("discriminator/same/", StringComparison.Ordinal))
            .Select(pair => (pair.Key, pair.Value)), Is.EqualTo(new[] { ("discriminator/same/heldOutScoreGenerated", 2.0) }));
        Assert.That(At(often.Lines, 3)["discriminator/noise/heldOutScoreReal"],
            Is.Not.EqualTo(last["discriminator/noise/heldOutScoreReal"]));
        Assert.That(last["discriminator/noise/heldOutScoreReal"], Is.Not.EqualTo(last["discriminator/noise/heldOutScoreGenerated"]));
    }
}
