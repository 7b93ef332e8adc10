using TextGan.Data.Rules;
using TextGan.Discriminators;
using TextGan.Learning;
using TextGan.Storage;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

public sealed class RelabellingTests
{
    // Ids of the rig: 0 end, 1 unknown, 2 to 7 "a" to "f".
    static readonly RelabelOptions Options = new() { Rule = new ContainsRuleOptions { Text = "a" }, Share = 0.5 };

    static TextBatch Batch(params long[] firsts)
    {
        var ids = zeros(firsts.Length, TrainingRig.Length, int64);
        for (var i = 0; i < firsts.Length; i++) ids[i, 0] = tensor(firsts[i]);
        return new TextBatch(ids, 0);
    }

    static long[] Firsts(TextBatch texts) => texts.Ids.select(1, 0).data<long>().ToArray();

    [Test]
    public void An_update_reads_texts_of_the_right_label_beside_its_data()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var relabelling = new Relabelling(Options, rig.Materials.Encoder, 1, "r");
        var (real, opposing) = relabelling.Mix(Batch(7, 7, 7, 7), Batch(6, 6, 6, 6), 0);
        Assert.That((Firsts(real), Firsts(opposing)), Is.EqualTo((new long[] { 7, 7, 7, 7 }, new long[] { 6, 6, 6, 6 })),
            "nothing is labelled");

        Assert.That(relabelling.Label(0, Batch(2, 3, 2, 4)), Is.EqualTo(0.5));
        (real, opposing) = relabelling.Mix(Batch(7, 7, 7, 7), Batch(6, 6, 6, 6), 0);
        Assert.That(Firsts(real), Is.EqualTo(new long[] { 7, 7, 2, 2 }));
        Assert.That(Firsts(opposing)[..2], Is.EqualTo(new long[] { 6, 6 }));
        Assert.That(Firsts(opposing)[2..], Is.SubsetOf(new long[] { 3, 4 }));
        Assert.That(real.Mask.sum(1).data<float>().ToArray(), Is.EqualTo(new float[] { 2, 2, 2, 2 }), "a token and the end");
    }

    [Test]
    public void A_side_without_labelled_texts_keeps_its_data_and_all_may_be_labelled_ones()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var relabelling = new Relabelling(Options with { Share = 1 }, rig.Materials.Encoder, 1, "r");
        Assert.That(relabelling.Label(0, Batch(2, 2)), Is.EqualTo(1));
        var (real, opposing) = relabelling.Mix(Batch(7, 7), Batch(6, 6), 0);
        Assert.That((Firsts(real), Firsts(opposing)), Is.EqualTo((new long[] { 2, 2 }, new long[] { 6, 6 })));
    }

    [Test]
    public void The_budget_the_cadence_and_the_share_of_the_batch_are_kept()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var relabelling = new Relabelling(Options with { Labels = 5, Every = 2, Batch = 3 }, rig.Materials.Encoder, 1, "r");
        double?[] shares = [.. Enumerable.Range(0, 6).Select(i => relabelling.Label(i, Batch(2, 3, 4, 2)))];
        Assert.That(shares, Is.EqualTo(new double?[] { 1.0 / 3, null, 0.5, null, null, null }));
        Assert.That(relabelling.Labels, Is.EqualTo(5));
    }

    [Test]
    public void The_newest_are_kept_and_a_checkpoint_holds_them()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = Options with { Keep = 2, Share = 1, Rule = new NotRuleOptions { Rule = new ContainsRuleOptions { Text = "x" } } };
        using var relabelling = new Relabelling(options, rig.Materials.Encoder, 1, "r");
        relabelling.Label(0, Batch(2, 3, 4));
        relabelling.Label(1, Batch(5));
        var bag = new StateBag();
        relabelling.Save(bag);
        using var resumed = new Relabelling(options, rig.Materials.Encoder, 1, "r");
        resumed.Load(bag);
        long[] Draw(Relabelling from) => Firsts(from.Mix(Batch([.. Enumerable.Repeat(7L, 30)]), Batch(6), 0).Real);
        var drawn = Draw(relabelling);
        Assert.That(drawn.Distinct().Order(), Is.EqualTo(new long[] { 4, 5 }));
        Assert.That((Draw(resumed), resumed.Labels), Is.EqualTo((drawn, 4L)));
        bag.Clear();
    }

    [Test]
    public void A_run_labels_the_generators_texts_and_logs_the_budget()
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Discriminators = TrainingRig.Read("""
                {"kind":"bag","name":"a","data":"pairs","embedding":4,"hidden":4,"batch":4,"opponents":{"generated":0,"rejected":1},
                 "relabel":{"rule":{"kind":"contains","text":"a"},"labels":20}}
                """),
        };
        var lines = rig.Train(options).Where(line => line.Values.ContainsKey("discriminator/a/labels")).ToArray();
        Assert.That(lines.Select(line => line.Values["discriminator/a/labels"]), Is.EqualTo(new double[] { 8, 16, 20, 20 }));
        Assert.That(lines.Select(line => line.Values.ContainsKey("discriminator/a/labelRate")),
            Is.EqualTo(new[] { true, true, true, false }));
    }

    /// <summary>
    /// Texts that were cut teach the generator nothing, but are labelled as they were written: they alone have six words.
    /// </summary>
    [Test]
    public void Texts_that_are_masked_are_labelled()
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Estimator = new TextGan.Learning.Updates.PolicyGradientOptions { Truncated = TextGan.Learning.Updates.TruncatedTexts.Mask },
            Discriminators = TrainingRig.Read("""
                {"kind":"bag","name":"a","data":"pairs","embedding":4,"hidden":4,"batch":4,"opponents":{"generated":0,"rejected":1},
                 "relabel":{"rule":{"kind":"length","minimum":6}}}
                """),
        };
        var lines = rig.Train(options).Where(line => line.Values.ContainsKey("discriminator/a/labelRate")).ToArray();
        Assert.That(lines.Select(line => line.Values["texts/ended"]), Has.Some.LessThan(1));
        foreach (var line in lines)
            Assert.That(line.Values["discriminator/a/labelRate"], Is.EqualTo(1 - line.Values["texts/ended"]).Within(1e-6));
    }

    [Test]
    public void Generated_texts_cannot_be_opponents_and_labelled()
    {
        var options = new BagDiscriminatorOptions { Name = "a", Data = "pairs", Relabel = Options };
        Assert.That(options.Validate("$.d").Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "$.d.opponents: generated texts are opponents whatever the rule of 'relabel' says of them; write \"opponents\": { " +
            "\"generated\": 0, \"rejected\": 1 }.",
        }));
        Assert.That((options with { Opponents = new() { Generated = 0, Rejected = 1 } }).Validate("$.d"), Is.Empty);
    }
}
