using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Metrics;
using TextGan.Metrics.Judges;
using TextGan.Problems;
using TextGan.Runs;
using TextGan.Tests.Experiments;
using TextGan.Tokenization;
using static TextGan.Tests.Metrics.MetricFakes;

namespace TextGan.Tests.Metrics;

public sealed class GoldMetricTests
{
    /// <summary>The number of tokens.</summary>
    sealed class LengthJudge : GoldJudge
    {
        public int Learnt { get; private set; }

        public override void Learn() => Learnt++;

        public override IReadOnlyList<double> Scores(IReadOnlyList<string> texts) =>
            [.. texts.Select(text => (double)text.Split(' ').Length)];
    }

    [Test]
    public void Values_are_in_deviations_of_the_real_texts_by_hand()
    {
        // Scores of real texts 4, 2, 3, 1: mean 2.5, deviation √(5/3); of pairs, 4 > 3 and 2 > 1 are right.
        var metric = new GoldMetric("length", new LengthJudge(), new DataSplit(["1 1 1 1", "1 1"], ["1 1 1", "1"]));
        var values = metric.Evaluate(Evaluation("1 1 1", "1 1 1 1 1")); // 3 and 5: mean 4, deviation √2, error 1
        var unit = Math.Sqrt(5 / 3.0);
        Assert.Multiple(() =>
        {
            Assert.That(values, Has.Count.EqualTo(3));
            Assert.That(values["gold-length"], Is.EqualTo(1.5 / unit).Within(1e-12));
            Assert.That(values["gold-length-error"], Is.EqualTo(1 / unit).Within(1e-12));
            Assert.That(values["gold-length-raw"], Is.EqualTo(4));
            // Wilson's interval of 2 of 2: from 1 / (1 + 1.96²/2).
            Assert.That(metric.Finding, Is.EqualTo(
                "gold judge 'length': right on 1.000 of 2 held-out pairs (95% interval 0.342 to 1.000); scores of 4 real texts: mean " +
                "2.500, standard deviation 1.291"));
        });
    }

    [Test]
    public void The_judge_learns_once_and_not_before_it_is_needed()
    {
        var judge = new LengthJudge();
        var metric = new GoldMetric("length", judge, new DataSplit(["1 1", "1"]));
        Assert.That(judge.Learnt, Is.Zero);
        metric.Evaluate(Evaluation("1 1", "1"));
        Assert.That((metric.Finding, judge.Learnt), Is.EqualTo((
            "gold judge 'length': scores of 2 real texts: mean 1.500, standard deviation 0.707", 1)));
    }

    [Test]
    public void Without_deviation_of_the_real_texts_there_is_no_value_and_a_reason()
    {
        var metric = new GoldMetric("length", new LengthJudge(), new DataSplit(["1", "2"]));
        Assert.That(metric.Evaluate(Evaluation("1 1", "1"))["gold-length"], Is.NaN);
        Assert.That(metric.WhyMissing("gold-length"), Is.EqualTo("the real texts' scores have no deviation"));
    }

    [Test]
    public void An_attribute_of_an_exact_source_is_a_share()
    {
        var source = new KnownSource(new Dictionary<string, double>(), "even");
        var metric = Options("""{ "kind": "gold", "name": "truth", "data": "a", "judge": { "kind": "attribute", "attribute": "even" } }""")
            .Build(Context(5, Set("a", ["1"], [], source)));
        var values = metric.Evaluate(Evaluation("1 2", "1", "3 4", "5 6"));
        Assert.That(values.Keys, Is.EqualTo(new[] { "gold-truth", "gold-truth-error" }));
        Assert.That(values["gold-truth"], Is.EqualTo(0.75));
        Assert.That(values["gold-truth-error"], Is.EqualTo(0.25).Within(1e-12)); // deviation √(.75·.25·4/3) = .5, over √4
        Assert.That(metric.Finding, Is.Null);
        Assert.That(() => Options("""{ "kind": "gold", "name": "t", "data": "a", "judge": { "kind": "attribute", "attribute": "odd" } }""")
            .Build(Context(5, Set("a", ["1"], [], source))), Throws.TypeOf<InvalidInputException>().With.Message.Contains(
                "data set 'a' does not decide the attribute 'odd'; it decides: even."));
    }

    [Test]
    public void A_rule_is_a_share_and_needs_no_data()
    {
        var metric = Options(
            """{ "kind": "gold", "name": "has2", "judge": { "kind": "rule", "rule": { "kind": "contains", "text": "2" } } }""")
            .Build(Context(5));
        Assert.That(metric.Evaluate(Evaluation("1 2", "1 22"))["gold-has2"], Is.EqualTo(0.5));
    }

    static DataSet Pairs(string name) => new(name, new DataSplit(["1 2", "2 1", "2 3", "2"], ["3 4", "4 3", "4 1", "4"]),
        new DataSplit(["2 2", "1 2 3"], ["4 4", "1 4 3"]), "");

    [Test]
    public void The_n_gram_judge_learns_the_pairs()
    {
        var metric = Options("""{ "kind": "gold", "name": "two", "data": "pairs" }""").Build(Context(5, Pairs("pairs")));
        Assert.That(metric.Finding, Does.StartWith("gold judge 'two': right on 1.000 of 2 held-out pairs"));
        Assert.That(metric.Evaluate(Evaluation("2 2 2", "2"))["gold-two"], Is.GreaterThan(0.5));
        Assert.That(metric.Evaluate(Evaluation("4", "3 4"))["gold-two"], Is.LessThan(-0.5));
    }

    [Test]
    public void The_likelihood_judge_prefers_texts_like_those_it_learnt_and_is_the_same_whoever_drew_before()
    {
        var set = new DataSet("texts", new DataSplit([.. Enumerable.Repeat("1 2 3", 32)]), new DataSplit(["1 2 3", "3 2 1"]), "");
        var options = Options("""
            { "kind": "gold", "name": "fluent", "data": "texts", "judge": { "kind": "likelihood", "epochs": 40, "batch": 8,
              "generator": { "kind": "lstm", "embedding": 4, "hidden": 6, "dropout": 0.1 },
              "optimizer": { "kind": "adam", "learningRate": 0.05 } } }
            """);
        using var metric = (GoldMetric)options.Build(Context(5, set));
        TorchSharp.torch.manual_seed(7);
        using var again = (GoldMetric)options.Build(Context(5, set));
        Assert.That(metric.Finding,
            Does.Match(@"^gold judge 'fluent': \d\.\d{3} nats per token on 2 held-out texts; scores of 2 real texts"));
        Assert.That(metric.Evaluate(Evaluation("1 2 3", "1 2 3"))["gold-fluent-raw"], Is.GreaterThan(-0.3));
        Assert.That(metric.Evaluate(Evaluation("3 3 3", "2 2"))["gold-fluent-raw"], Is.LessThan(-1));
        Assert.That(again.Evaluate(Evaluation("3 3 3", "2 2")), Is.EqualTo(metric.Evaluate(Evaluation("3 3 3", "2 2"))));
    }

    /// <summary>A text of two tokens with its end, the empty text, which is its end alone, and one that is cut and has none.</summary>
    [Test]
    public void The_score_by_likelihood_is_the_mean_log_probability_of_the_tokens_by_hand()
    {
        double[,] probabilities = { { .5, .25, .25 }, { .1, .6, .3 }, { .2, .2, .6 } }; // p(next | last); 0 starts and ends
        using var judge = new LikelihoodJudge(new BigramGenerator(NllMetricTests.Logits(probabilities)),
            new TextEncoder(new NumberTokenizer(3), 3), TorchSharp.torch.CPU, batchSize: 2);
        Assert.That(judge.Scores(["1 2", "", "2 2 2 2"]), Is.EqualTo(new[]
        {
            Math.Log(.25 * .3 * .2) / 3, Math.Log(.5), Math.Log(.25 * .6 * .6) / 3,
        }).Within(1e-6));
    }

    const string Lines = "{\"chosen\":\"a b\",\"rejected\":\"b\"}\n{\"chosen\":\"a c\",\"rejected\":\"c\"}\n";

    /// <summary>A valid experiment with a data set "gold" of these options, by which a judge learns that has this data set.</summary>
    static string With(string gold, string judged = "gold") => ExperimentFolder.Changed(experiment =>
    {
        experiment["data"]!["gold"] = JsonNode.Parse(gold);
        experiment["evaluation"]!["metrics"]!.AsArray().Add(
            new JsonObject { ["kind"] = "gold", ["name"] = "g", ["data"] = judged });
    }).ToJsonString();

    [TestCase("""{ "kind": "preferences", "path": "pairs.jsonl", "heldOutPath": "held.jsonl" }""", "pairs",
        "the data set 'pairs' is read by training ($.discriminators[1].data), so that a judge which learns from it is not independent of " +
        "the learnt rewards; name a data set that nothing else learns from.")]
    [TestCase("""{ "kind": "preferences", "path": "./pairs.jsonl", "heldOutPath": "held.jsonl" }""", "gold",
        "its file './pairs.jsonl' is also one of the data set 'pairs', which training reads; a judge which learns from it is not " +
        "independent of the learnt rewards. Only held-out files may be common.")]
    [TestCase("""{ "kind": "preferences", "path": "own.jsonl", "heldOutPath": "pairs.jsonl" }""", "gold",
        "its file 'pairs.jsonl' is also one of the data set 'pairs', which training reads; a judge which learns from it is not " +
        "independent of the learnt rewards. Only held-out files may be common.")]
    [TestCase("""{ "kind": "text", "path": "own.jsonl", "heldOut": 0.5 }""", "gold",
        "the data set 'gold' has no pairs of a chosen and a rejected text, from which this judge learns; those that have: 'pairs'.")]
    [TestCase("""{ "kind": "preferences", "path": "own.jsonl" }""", "gold",
        "the data set 'gold' holds no texts out, with which this metric compares; set its 'heldOut', or this metric's \"split\" to " +
        "\"train\".")]
    public void What_a_judge_must_not_learn_from_is_rejected(string gold, string judged, string problem)
    {
        using var folder = new ExperimentFolder();
        folder.Write("own.jsonl", Lines);
        folder.Write("held.jsonl", Lines);
        Assert.That(folder.Problems(With(gold, judged)), Has.One.EqualTo($"experiment.json:1: $.evaluation.metrics[2].data: {problem}"));
    }

    [Test]
    public void A_copy_of_what_training_reads_is_rejected_when_it_is_loaded_and_a_part_of_it_is_told()
    {
        using var folder = new ExperimentFolder();
        folder.Write("copy.jsonl", File.ReadAllText(folder["pairs.jsonl"]));
        folder.Write("held.jsonl", Lines);
        var json = With("""{ "kind": "preferences", "path": "copy.jsonl", "heldOutPath": "held.jsonl" }""");
        var messages = new List<string>();
        void Load()
        {
            var experiment = folder.One(json);
            Materials.Load(experiment.Options, experiment.BaseFolder, messages.Add).Dispose();
        }
        Assert.That(Load, Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.evaluation.metrics[2].data: training reads all texts of the data set 'gold', if under another name; a judge which learns " +
            "from them is not independent of the learnt rewards."));
        folder.Write("copy.jsonl", File.ReadAllText(folder["pairs.jsonl"]) + "\n" + Lines);
        Load();
        Assert.That(messages, Has.One.EqualTo(
            "warning: 50.0% of the texts of 'gold', from which a gold judge learns, are read by training, too"));
    }

    [Test]
    public void Words_that_only_a_judge_learns_are_not_in_the_vocabulary()
    {
        using var folder = new ExperimentFolder();
        folder.Write("own.jsonl", """{"chosen":"golden words","rejected":"a"}""");
        folder.Write("held.jsonl", Lines);
        var experiment = folder.One(With("""{ "kind": "preferences", "path": "own.jsonl", "heldOutPath": "held.jsonl" }"""));
        using var materials = Materials.Load(experiment.Options, experiment.BaseFolder, _ => { });
        Assert.That(materials.Encoder.Tokenizer.FittedVocabulary, Does.Contain("c").And.Not.Contain("golden"));
    }
}
