using CsCheck;
using TextGan.Metrics;
using static TextGan.Tests.Metrics.MetricFakes;

namespace TextGan.Tests.Metrics;

/// <summary>Metrics of the generated texts, built from JSON.</summary>
public class SampleMetricsTests
{
    [Test]
    public void Source_nll_leaves_out_what_has_no_probability_and_counts_it_in_support()
    {
        var source = new KnownSource(new Dictionary<string, double> { ["1 2"] = -3, ["1 2 3"] = -5, ["4"] = -100 });
        var metric = Options("""{ "kind": "source-nll", "data": "grammar" }""").Build(Context(5, Set("grammar", [], [], source)));
        var values = metric.Evaluate(Evaluation("1 2", "7 7 7 7", "1 2 3", "1 2"));
        Assert.That(values, Is.EqualTo(new Dictionary<string, double> { ["source-nll"] = 11.0 / 7, ["source-support"] = 0.75 }));
    }

    [Test]
    public void Source_nll_is_not_a_number_without_support()
    {
        var source = new KnownSource(new Dictionary<string, double>());
        var metric = Options("""{ "kind": "source-nll", "data": "grammar" }""").Build(Context(5, Set("grammar", [], [], source)));
        Assert.That(metric.Evaluate(Evaluation("1")),
            Is.EqualTo(new Dictionary<string, double> { ["source-nll"] = double.NaN, ["source-support"] = 0 }));
    }

    [Test]
    public void Attributes_are_the_shares_of_texts_that_have_them()
    {
        var source = new KnownSource(new Dictionary<string, double> { ["1 2"] = -3 }, "even", "known");
        var metric = Options("""{ "kind": "attributes", "data": "grammar" }""").Build(Context(5, Set("grammar", [], [], source)));
        Assert.That(metric.Evaluate(Evaluation("1 2", "1", "3 4", "5 6")),
            Is.EqualTo(new Dictionary<string, double> { ["even"] = 0.75, ["known"] = 0.25 }));
    }

    [Test]
    public void Bleu_compares_with_held_out_texts_cut_at_the_length()
    {
        var context = Context(3, Set("captions", train: ["5 6 7"], heldOut: ["1 2 3 4 5 6", "9"]));
        var values = Options("""{ "kind": "bleu", "data": "captions", "orders": [3, 2] }""").Build(context)
            .Evaluate(Evaluation("1 2 3", "4 5 6"));
        // "1 2 3" is all of the cut reference; of "4 5 6" nothing is left in it.
        Assert.That(values, Is.EqualTo(new Dictionary<string, double> { ["bleu-3-captions"] = 0.5, ["bleu-2-captions"] = 0.5 }));
    }

    [Test]
    public void Bleu_has_orders_2_to_5_by_default_and_can_read_training_texts()
    {
        var context = Context(8, Set("a", train: ["1 2 3 4 5 6"], heldOut: ["9"]));
        var values = Options("""{ "kind": "bleu", "data": "a", "split": "train" }""").Build(context).Evaluate(Evaluation("1 2 3 4 5 6"));
        Assert.That(values.Keys, Is.EqualTo(new[] { "bleu-2-a-train", "bleu-3-a-train", "bleu-4-a-train", "bleu-5-a-train" }));
        Assert.That(values.Values, Is.All.EqualTo(1.0).Within(1e-12));
    }

    [Test]
    public void Self_bleu_reads_the_first_texts_up_to_the_limit()
    {
        var metric = Options("""{ "kind": "self-bleu", "orders": [2], "limit": 2 }""").Build(Context(8));
        Assert.That(metric.Evaluate(Evaluation("1 2 3", "1 2 3", "4"))["self-bleu-2"], Is.EqualTo(1.0).Within(1e-12));
        Assert.That(metric.Evaluate(Evaluation("1 2 3"))["self-bleu-2"], Is.NaN);
        Assert.That(Options("""{ "kind": "self-bleu" }""").Build(Context(8)).Evaluate(Evaluation("1", "2")).Keys,
            Is.EqualTo(new[] { "self-bleu-2", "self-bleu-3", "self-bleu-4", "self-bleu-5" }));
    }

    [Test]
    public void Distinct_n_by_hand()
    {
        // Tokens 1 2 1 2 | 2 1: 2 different of 6; pairs 12 21 12 | 21: 2 of 4; triples 121 212: 2 of 2; no text has 5 tokens.
        var values = Options("""{ "kind": "distinct-n", "orders": [1, 2, 3, 5] }""").Build(Context(8))
            .Evaluate(Evaluation("1 2 1 2", "2 1"));
        Assert.That(values, Is.EqualTo(new Dictionary<string, double>
        {
            ["distinct-1"] = 2.0 / 6, ["distinct-2"] = 0.5, ["distinct-3"] = 1, ["distinct-5"] = double.NaN,
        }));
        Assert.That(Options("""{ "kind": "distinct-n" }""").Build(Context(8)).Evaluate(Evaluation()).Keys,
            Is.EqualTo(new[] { "distinct-1", "distinct-2", "distinct-3", "distinct-4" }));
    }

    [Test]
    public void Each_says_how_many_samples_it_rests_on_and_why_it_has_no_value()
    {
        var source = new KnownSource(new Dictionary<string, double>());
        IMetric Built(string json) => Options(json).Build(Context(8, Set("a", ["1"], ["2"], source)));
        Assert.That(Built("""{ "kind": "nll", "data": "a" }""").Samples(500), Is.Null);
        Assert.That(Built("""{ "kind": "self-bleu", "limit": 100 }""").Samples(500), Is.EqualTo(100));
        Assert.That(Built("""{ "kind": "self-bleu" }""").Samples(500), Is.EqualTo(500));
        Assert.That(Built("""{ "kind": "distinct-n" }""").Samples(500), Is.EqualTo(500));
        Assert.That(Built("""{ "kind": "distinct-n" }""").WhyMissing("distinct-4"), Is.EqualTo("no sample has 4 tokens"));
        Assert.That(Built("""{ "kind": "distinct-n" }""").WhyMissing("distinct-1"), Is.EqualTo("no sample has a token"));
        Assert.That(Built("""{ "kind": "source-nll", "data": "a" }""").WhyMissing("source-nll"),
            Is.EqualTo("the source can produce no sample"));
    }

    [Test]
    public void Distinct_n_equals_the_literal_definition() =>
        Gen.Int[0, 2].Array[1, 8].Array[1, 6].Sample(texts => Enumerable.Range(1, 4).All(n =>
        {
            var all = texts.SelectMany(text => LiteralBleu.NGrams(text, n)).ToList();
            var expected = all.Count == 0 ? double.NaN : (double)all.Distinct().Count() / all.Count;
            return DistinctNGrams.Shares(texts, 4)[n - 1].Equals(expected);
        }), iter: 3000);

    [Test]
    public void Novelty_compares_with_training_texts_cut_at_the_length_and_with_earlier_samples()
    {
        var context = Context(3, Set("a", train: ["1 2 3 4 5", "6"], heldOut: ["7"]));
        var metric = Options("""{ "kind": "novelty", "data": "a" }""").Build(context);
        var values = metric.Evaluate(Evaluation("1 2 3", "7", "6", "6", "1 2", "6", "", ""));
        // Not in training: 7, 1 2, and the empty text twice. Repeats: 6 twice, the empty text once.
        Assert.That(values, Is.EqualTo(new Dictionary<string, double> { ["novel"] = 4.0 / 8, ["duplicate"] = 3.0 / 8 }));
        Assert.That(metric.Evaluate(Evaluation()).Values, Is.All.NaN);
    }

    [Test]
    public void Length_is_the_mean_number_of_tokens()
    {
        var metric = Options("""{ "kind": "length" }""").Build(Context(8));
        Assert.That(metric.Evaluate(Evaluation("1 2 3", "", "4"))["length"], Is.EqualTo(4.0 / 3));
        Assert.That(metric.Evaluate(Evaluation())["length"], Is.NaN);
    }
}
