using TextGan.Data;
using TextGan.Learning;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>Several members of a discriminator learn apart from each other.</summary>
public sealed class EnsembleTrainingTests
{
    const string Json = """
        {"kind":"bag","name":"d","data":"pairs","embedding":4,"hidden":5,"batch":6,"clipGradient":0.05,
         "loss":{"kind":"bradley-terry"},"opponents":{"generated":0,"rejected":1}
        """;

    /// <summary>The weights by name after ten updates.</summary>
    static Dictionary<string, double[]> Trained(TrainingRig rig, string more)
    {
        using var scope = NewDisposeScope();
        using var parts = rig.Parts(TrainingRig.Experiment with { Discriminators = TrainingRig.Read(Json + more + "}") });
        for (var i = 0; i < 10; i++)
            parts.Discriminators[0].Learn(new TextBatch(zeros([1, TrainingRig.Length], int64), 0), 0, new StepValues());
        var bag = new StateBag();
        parts.Discriminators[0].Save(bag);
        var weights = bag.Tensors.Where(pair => pair.Key.StartsWith("weights/", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key["weights/".Length..], pair => Generators.GeneratorCases.Doubles(pair.Value));
        Assert.That(bag.Values.Select(pair => pair.Key).Where(name => name.StartsWith("order", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "order/drawn" }));
        Assert.That(bag.Has("member-1/order/drawn"), Is.EqualTo(more.Contains("members")));
        bag.Clear();
        return weights;
    }

    /// <summary>Without a resample the first of two learns as it would alone: neither loss nor clipping joins them.</summary>
    [Test]
    public void EachLearnsByItsOwnLoss()
    {
        using var rig = new TrainingRig();
        var (alone, together) = (Trained(rig, ""), Trained(rig, ""","members":2,"resample":false"""));
        foreach (var (name, weights) in alone)
        {
            Assert.That(together[$"members.0.{name}"], Is.EqualTo(weights).Within(1e-6), name);
            Assert.That(together[$"members.1.{name}"], Is.Not.EqualTo(weights).Within(1e-3), name);
        }
        Assert.That(Trained(rig, ""","members":2""")["members.0.head.weight"], Is.Not.EqualTo(alone["head.weight"]).Within(1e-6));
    }

    /// <summary>Of N draws with replacement from N, 1 - 1/e = .632 are different rows; another member has others.</summary>
    [Test]
    public void AResampleDrawsWithReplacement()
    {
        const int count = 5000;
        using var scope = NewDisposeScope();
        var encoder = new TextEncoder(WordTokenizer.Restore(["<end>", "<unk>", "a"]), 2);
        using var set = TrainingRig.Encode(
            new DataSet("d", new DataSplit([.. Enumerable.Repeat("a", count)]), DataSplit.Empty, ""), encoder);
        long[] Rows(string purpose, bool resample = true) => new RealSide(set, CPU, 0, 1, purpose, resample).Next(count, null!);
        var (one, other) = (Rows("a"), Rows("b"));
        Assert.That(one, Is.All.InRange(0L, count - 1L));
        Assert.That(one.Distinct().Count() / (double)count, Is.EqualTo(0.632).Within(0.02));
        Assert.That(one.Average(), Is.EqualTo((count - 1) / 2.0).Within(5 * count / Math.Sqrt(12 * count)));
        Assert.That(one.Intersect(other).Count() / (double)count, Is.EqualTo(0.632 * 0.632).Within(0.02));
        Assert.That(Rows("a"), Is.EqualTo(one));
        Assert.That(Rows("a", resample: false).Order(), Is.EqualTo(Enumerable.Range(0, count)));
    }

    /// <summary>Trained, frozen, stored and read back: what is scored later is what the evaluation said.</summary>
    [TestCase("reinforce", "mean-minus-variance")]
    [TestCase("gumbel-softmax", "minimum")]
    public void ARunWithAnEnsemble(string estimator, string rule)
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, $$"""estimator={"kind":"{{estimator}}"}""", "discriminators.helpful.members=2",
            $"discriminators.helpful.ensemble={rule}", "discriminators.helpful.freezeAfter=2").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var line = SmallRun.Lines(result).Last(one => one.Values.ContainsKey("discriminator/helpful/disagreement"));
        Assert.That(line.Values["discriminator/helpful/disagreement"], Is.GreaterThan(0));
        Assert.That(line.Values["discriminator/helpful/heldOutPairs"], Is.EqualTo(10), "as many as the evaluation's samples");
        Assert.That(line.Values["discriminator/helpful/heldOutAccuracyPairs"], Is.InRange(
            line.Values["discriminator/helpful/heldOutAccuracyPairsLow"], line.Values["discriminator/helpful/heldOutAccuracyPairsHigh"]));
        Assert.That(line.Values.Keys, Has.None.EqualTo("discriminator/real/disagreement"));

        using var stored = StoredRun.Load(result.Folder, CPU, withJudges: true);
        var samples = File.ReadAllLines(Path.Combine(new RunFolder(result.Folder).Samples, "adversarial-00000004.jsonl"))
            .Select(SampleLine.Parse).ToArray();
        var scored = TextScoring.Of(stored, samples.Select(sample => (sample.Text, sample.Prompt, "")), CPU).ToArray();
        var same = samples.Zip(scored).Where(pair => pair.First.Tokens == pair.Second.Tokens).ToArray(); // equal ids
        Assert.That(same, Is.Not.Empty);
        foreach (var (wanted, found) in same)
            Assert.That(found.Scores["helpful"], Is.EqualTo(wanted.Scores["helpful"]).Within(1e-5));
    }
}
