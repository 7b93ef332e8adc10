using System.Text.Json;
using TextGan.Data;
using TextGan.Metrics;
using TextGan.Problems;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Runs;
using TextGan.Tokenization;
using static TextGan.Tests.Metrics.MetricFakes;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics;

public class FreshDiscriminatorMetricTests
{
    const int Length = 6;

    /// <summary>Texts of 5 tokens from <paramref name="lowest"/> on, and an end.</summary>
    static string Text(Random random, int lowest) => string.Join(' ', Enumerable.Range(0, 5).Select(_ => random.Next(lowest, 10)));

    static string[] Texts(int count, int seed, int lowest)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Text(random, lowest))];
    }

    /// <summary>A generator that writes what a function of random numbers gives.</summary>
    static EvaluationContext Writing(Func<Random, string> text, bool isEnd = true) => Evaluation("1") with
    {
        IsEnd = isEnd,
        Draw = (_, purpose, from, count, _) =>
        {
            var random = new Random(purpose.Length + from);
            var encoder = new TextEncoder(new NumberTokenizer(10), Length);
            return new TextBatch(encoder.Encode([.. Enumerable.Range(0, count).Select(_ => text(random))]), endId: 0);
        },
    };

    static IMetric Metric(string more = "", params string[] heldOut) => Options(
        $$"""
        { "kind": "fresh-discriminator", "data": "real", "learn": 200, "measure": 300, "steps": 60, {{more}}
          "discriminator": { "kind": "cnn", "name": "d", "embedding": 8, "widths": [2], "filters": [8],
            "optimizer": { "kind": "adam", "learningRate": 0.01 } } }
        """).Build(Context(Length, new DataSet("real", new DataSplit(["1"]), new DataSplit(heldOut), "")));

    [Test]
    public void The_same_distribution_is_not_told_apart_on_further_texts()
    {
        var values = Metric("", Texts(500, seed: 1, lowest: 1)).Evaluate(Writing(random => Text(random, 1)));
        Assert.Multiple(() =>
        {
            // Two standard errors of 300 texts a side are .047.
            Assert.That(values["fresh-auc-d"], Is.EqualTo(0.5).Within(0.06));
            Assert.That(values["fresh-auc-d-low"], Is.LessThan(values["fresh-auc-d"]));
            Assert.That(values["fresh-auc-d-high"], Is.GreaterThan(values["fresh-auc-d"]));
            Assert.That((values["fresh-learnt-d"], values["fresh-measured-d"]), Is.EqualTo((200, 300)));
        });
    }

    [Test]
    public void Another_distribution_is_told_apart()
    {
        var context = Writing(random => Text(random, 4));
        var metric = Metric("", Texts(500, seed: 1, lowest: 1));
        var values = metric.Evaluate(context);
        Assert.That(values["fresh-auc-d"], Is.GreaterThan(0.9));
        manual_seed(99);
        Assert.That(metric.Evaluate(context), Is.EqualTo(values), "nothing depends on what was drawn before");
    }

    [Test]
    public void What_it_learns_by_heart_does_not_count()
    {
        var values = Metric("", Texts(40, seed: 1, lowest: 1)).Evaluate(Writing(random => Text(random, 1)));
        // 500 texts were wanted and 40 are there: 16 to learn from, by heart in 60 updates, and 24 further ones.
        Assert.That((values["fresh-learnt-d"], values["fresh-measured-d"]), Is.EqualTo((16, 24)));
        Assert.That(values["fresh-auc-d"], Is.InRange(0.2, 0.8));
    }

    [Test]
    public void Only_texts_with_a_property_take_part_on_both_sides()
    {
        // With a 2 the generator writes like the real texts, without it only 9s.
        string Write(Random random) => Text(random, 1) is var text && text.Contains('2') ? text : "9 9 9 9 9";
        var real = Texts(1500, seed: 1, lowest: 1);
        const string Where = """ "where": { "kind": "contains", "text": "2" }, """;
        Assert.That(Metric("", real).Evaluate(Writing(Write))["fresh-auc-d"], Is.GreaterThan(0.7));
        var values = Metric(Where, real).Evaluate(Writing(Write));
        Assert.That(values["fresh-auc-d"], Is.EqualTo(0.5).Within(0.07));
        Assert.That((values["fresh-learnt-d"], values["fresh-measured-d"]), Is.EqualTo((200, 300)));
    }

    /// <summary>
    /// Both sides are the same rows: the control token of a template, and ids as a model draws them, which their text is not encoded to.
    /// </summary>
    [Test]
    public void Rows_of_real_texts_are_as_the_generator_would_write_them()
    {
        var encoder = new TextEncoder(new ControlTokenizer(), Length);
        var set = new DataSet("real", new DataSplit(["1"], Prompts: ["3"]), new DataSplit([.. Enumerable.Repeat("1 1 2", 12)],
            Prompts: [.. Enumerable.Repeat(ControlText.Token("<q>") + "3", 12)])
        { HasControls = true, Drawn = [.. Enumerable.Repeat((int[])[5, 2], 12)] }, "");
        var metric = Options("""
            { "kind": "fresh-discriminator", "data": "real", "learn": 6, "measure": 6, "steps": 10,
              "discriminator": { "kind": "cnn", "name": "d", "embedding": 4, "widths": [2], "filters": [4],
                "optimizer": { "kind": "adam", "learningRate": 0.1 } } }
            """).Build(new MetricContext(new Dictionary<string, DataSet> { ["real"] = set }, encoder, BatchSize: 4));
        var values = metric.Evaluate(Evaluation("1") with
        {
            IsEnd = true,
            Draw = (_, _, _, count, _) => new TextBatch(tensor(new long[] { 9, 3, 5, 2, 0, 0 }).repeat(count, 1), 0,
                promptLengths: full([count], 2L, int64)),
        });
        Assert.That(values["fresh-auc-d"], Is.EqualTo(0.5));
    }

    static IMetric OfModel(string folder) => Options(
        $$"""
        { "kind": "fresh-discriminator", "data": "real", "learn": 200, "measure": 300, "steps": 100,
          "discriminator": { "kind": "features", "name": "d", "from": "hidden", "model": {{JsonSerializer.Serialize(folder)}},
            "optimizer": { "kind": "adam", "learningRate": 0.01 } } }
        """).Build(Context(Length, new DataSet("real", new DataSplit(["1"]), new DataSplit(Texts(500, seed: 1, lowest: 1)), "")));

    [Test]
    public void It_can_read_the_states_of_a_folders_model()
    {
        using var temp = new TemporaryFiles();
        TinyModel.Write(temp.Folder, TinyModel.With(TinyModel.Llama, "vocab_size", "10"));
        var metric = OfModel(temp.Folder);
        Assert.That(metric.Evaluate(Writing(random => Text(random, 4)))["fresh-auc-d"], Is.GreaterThan(0.8));
        Assert.That(metric.Evaluate(Writing(random => Text(random, 1)))["fresh-auc-d"], Is.EqualTo(0.5).Within(0.08));
        Assert.That(metric.Measures(Writing(_ => "1", isEnd: false)), Is.False);
    }

    /// <summary>Not only when it is built, at the end of a phase.</summary>
    [Test]
    public void A_model_without_that_layer_is_rejected_when_the_experiment_is_read()
    {
        using var run = new SmallRun();
        TinyModel.Write(Path.Combine(run.Folder, "model"), TinyModel.Llama);
        Assert.That(() => run.Read("""
            evaluation.metrics=[{"kind":"fresh-discriminator","data":"text",
                "discriminator":{"kind":"features","name":"d","from":"hidden","layer":5,"model":"model"}}]
            """), Throws.TypeOf<InvalidInputException>().With.Message.Contain(
                "$.evaluation.metrics[0].discriminator.layer: is 5, but the model in 'model' has 2 layers whose states can be read."));
    }

    [Test]
    public void A_model_with_other_tokens_is_rejected()
    {
        using var temp = new TemporaryFiles();
        TinyModel.Write(temp.Folder, TinyModel.With(TinyModel.Llama, "vocab_size", "11"));
        Assert.That(() => OfModel(temp.Folder), Throws.TypeOf<InvalidInputException>().With.Message.Contains("has 11 tokens"));
    }

    [Test]
    public void Texts_without_prompts_are_not_compared_with_answers()
    {
        var prompted = new DataSet("asked", new DataSplit(["1"], Prompts: ["2"]), DataSplit.Empty, "");
        Assert.That(() => Options("""{ "kind": "fresh-discriminator", "data": "real" }""")
            .Build(Context(Length, Set("real", ["1"], ["1", "2"]), prompted)), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
                "metric 'fresh-discriminator': data set 'real' has no held-out prompts, so that its texts would be told from the " +
                "generator's by the prompts of these; data sets with prompts: asked."));
    }

    [Test]
    public void Without_texts_there_is_no_value_and_a_reason()
    {
        var metric = Metric(""" "where": { "kind": "contains", "text": "2" }, """, Texts(500, seed: 1, lowest: 1));
        Assert.That(metric.Evaluate(Writing(_ => "9 9"))["fresh-auc-d"], Is.NaN);
        Assert.That(metric.WhyMissing("fresh-auc-d"), Does.Match(@"^there are \d+ real and 0 generated texts to compare$"));
    }

    [Test]
    public void It_is_measured_at_the_end_or_at_every_evaluation()
    {
        var real = Texts(10, seed: 1, lowest: 1);
        Assert.That(Metric("", real).Measures(Writing(_ => "1", isEnd: false)), Is.False);
        Assert.That(Metric("", real).Measures(Writing(_ => "1")), Is.True);
        Assert.That(Metric(""" "everyEvaluation": true, """, real).Measures(Writing(_ => "1", isEnd: false)), Is.True);
        Assert.That(Metric(""" "against": "reference", """, real).Measures(Writing(_ => "1")), Is.False, "there is none");
    }

    [TestCase(""" "seeds": [] """, "$.seeds: [] found; at least one seed is needed, none negative or twice.")]
    [TestCase(""" "discriminator": { "kind": "constant", "name": "c" } """, "$.discriminator: does not learn; take a kind that does.")]
    [TestCase(""" "where": { "kind": "contains", "text": "2" }, "whereAttribute": "even" """,
        "$.where: and 'whereAttribute' are both given; keep one of the two.")]
    public void What_cannot_be_measured_is_rejected(string option, string problem) =>
        Assert.That(Options($$"""{ "kind": "fresh-discriminator", {{option}} }""").Validate("$").Select(one => one.ToString()),
            Is.EqualTo(new[] { problem }));

    [Test]
    public void Unique_prefixes_by_hand_and_of_as_many_real_texts()
    {
        var context = Context(5, Set("real", ["1 1", "1 1", "2", "3"], ["4", "5"]));
        var metric = Options("""{ "kind": "unique-prefixes", "length": 2, "data": "real" }""").Build(context);
        // Prefixes "1 2" twice, "3" once, "1 3" once; of the training texts "1 1" twice and two others.
        Assert.That(metric.Evaluate(Evaluation("1 2 3", "1 2 4", "3", "1 3")),
            Is.EqualTo(new Dictionary<string, double> { ["unique-prefixes"] = 0.5, ["unique-prefixes-real"] = 0.5 }));
        Assert.That(metric.Evaluate(Evaluation("1", "2"))["unique-prefixes-real"], Is.EqualTo(1), "of the two held-out texts");
        Assert.That(metric.Evaluate(Evaluation("1", "2", "3", "4", "5"))["unique-prefixes-real"], Is.NaN);
    }
}
