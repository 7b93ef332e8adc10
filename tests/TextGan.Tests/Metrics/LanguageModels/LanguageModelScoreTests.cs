using TextGan.Metrics;
using TextGan.Metrics.LanguageModels;
using TorchSharp;
using static TextGan.Tests.Metrics.MetricFakes;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics.LanguageModels;

public sealed class LanguageModelScoreTests
{
    static IMetric Metric(int length, string[] train, string[] heldOut, string model = "n-gram") => Options(
        $$"""{ "kind": "language-model-score", "data": "text", "model": "{{model}}" }""")
            .Build(Context(length, Set("text", train, heldOut)));

    /// <summary>
    /// Ten tokens; the model has learnt "1" and its end. Witten and Bell, from unigrams up: p(1) = (1 + 2/10) / 4 = .3, after the beginning
    /// (1 + .3) / 2 = .65 and (1 + .65) / 2 = .825, and so for the end after 1. Of "2": (2/10) / 4 = .05, halved twice, and the end after
    /// 2, which was never seen, .3.
    /// </summary>
    [Test]
    public void Trigram_scores_by_hand()
    {
        var metric = Metric(4, ["1"], ["2"]);
        var found = metric.Evaluate(Evaluation("1"));
        Assert.Multiple(() =>
        {
            Assert.That(found["lm-score-n-gram"], Is.EqualTo(-Math.Log(.825)).Within(1e-12));
            var other = -(Math.Log(.0125) + Math.Log(.3)) / 2;
            Assert.That(found["lm-score-n-gram-real"], Is.EqualTo(other).Within(1e-12));
            Assert.That(found["reverse-lm-score-n-gram"], Is.EqualTo(other).Within(1e-12), "the sample is the training text");
            Assert.That(found["reverse-lm-score-n-gram-real"], Is.EqualTo(other).Within(1e-12));
            Assert.That(metric.Evaluate(Evaluation("2"))["reverse-lm-score-n-gram"], Is.EqualTo(-Math.Log(.825)).Within(1e-12));
        });
    }

    /// <summary>A text that was cut has no end: two tokens of two.</summary>
    [Test]
    public void A_text_that_fills_its_row_has_no_end()
    {
        var encoder = new TextGan.Tokenization.TextEncoder(new NumberTokenizer(10), 2);
        Assert.That(WholeTexts.Of(["1 2", "3 4 5", "6", ""], encoder), Is.EqualTo(new int[][] { [1, 2], [3, 4], [6, 0], [0] }));
        Assert.That(WholeTexts.Of(Evaluation("1 2", "6"), encoder), Is.EqualTo(new int[][] { [1, 2], [6, 0] }));
        // After a prompt of one token the row has room for one more.
        var prompted = Evaluation("6", "7") with
        {
            Batch = new(tensor(new long[] { 1, 6, 7, 0 }, [2, 2]), 0, promptLengths: tensor(new long[] { 1, 0 })),
        };
        Assert.That(WholeTexts.Of(prompted, encoder), Is.EqualTo(new int[][] { [6], [7, 0] }));
    }

    [Test]
    public void Missing_values_say_why()
    {
        var metric = Metric(4, ["1", "2"], ["3"]);
        Assert.That(metric.Evaluate(Evaluation("1", "2", "3"))["reverse-lm-score-n-gram-real"], Is.NaN);
        Assert.That(metric.WhyMissing("reverse-lm-score-n-gram-real"), Is.EqualTo("there are fewer training texts than samples"));
    }

    static readonly string[] Regular = [.. Enumerable.Range(0, 150).Select(i => i % 2 == 0 ? "1 2 3" : "4 5 6 7")];

    [Test]
    public void The_lstm_scores_real_texts_well_and_others_badly()
    {
        using var metric = (LanguageModelScoreMetric)Metric(5, Regular, Regular[..20], "lstm");
        IReadOnlyDictionary<string, double> Of(params string[] texts)
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            return metric.Evaluate(Evaluation(texts));
        }
        var (real, wrong) = (Of(Regular[..100]), Of([.. Enumerable.Repeat("3 2 1", 100)]));
        Assert.Multiple(() =>
        {
            Assert.That(real["lm-score-lstm"], Is.LessThan(0.5), "one bit in four or five tokens");
            Assert.That(wrong["lm-score-lstm"], Is.GreaterThan(2));
            Assert.That(real["reverse-lm-score-lstm"], Is.LessThan(wrong["reverse-lm-score-lstm"] - 1));
            Assert.That(real["lm-score-lstm-real"], Is.EqualTo(real["lm-score-lstm"]).Within(0.1));
        });
    }

    /// <summary>The probabilities of all texts of one token add up to 1, and the same texts give the same bits.</summary>
    [Test]
    public void The_lstm_is_a_distribution_and_repeats_itself()
    {
        double[] Scores()
        {
            using var model = new LstmScoringModel([.. Regular.Select(text => new NumberTokenizer(10).Encode(text).ToArray())],
                new NumberTokenizer(10), CPU);
            return [.. Enumerable.Range(0, 10).Select(token => model.NatsPerToken([[token]]))];
        }
        var scores = Scores();
        Assert.That(scores.Sum(nats => Math.Exp(-nats)), Is.EqualTo(1).Within(1e-5));
        Assert.That(scores[1], Is.EqualTo(Math.Log(2)).Within(0.15), "half of the texts begin so");
        Assert.That(Scores(), Is.EqualTo(scores));
    }

    [Test]
    public void Texts_of_several_lengths_are_scored_as_one_by_one()
    {
        using var model = new LstmScoringModel([[1, 0], [2, 3, 0]], new NumberTokenizer(10), CPU);
        int[][] texts = [[1, 2, 3], [4, 0], [5, 6, 7, 8, 0]];
        var one = texts.Sum(text => model.NatsPerToken([text]) * text.Length);
        Assert.That(model.NatsPerToken(texts), Is.EqualTo(one / texts.Sum(text => text.Length)).Within(1e-5));
    }

    /// <summary>Held out: bigrams 1 2, 2 3, 1 4 and unigrams 1 to 4. Samples: bigrams 1 2, 2 1 and unigrams 1, 2, 5.</summary>
    [Test]
    public void Coverage_and_precision_by_hand()
    {
        var metric = Options("""{ "kind": "n-gram-coverage", "data": "text", "orders": [1, 2, 4] }""")
            .Build(Context(5, Set("text", [], ["1 2 3", "1 2", "1 4"])));
        var found = metric.Evaluate(Evaluation("1 2 1 2", "5"));
        Assert.Multiple(() =>
        {
            Assert.That(found["n-gram-coverage-1"], Is.EqualTo(2 / 4.0));
            Assert.That(found["n-gram-precision-1"], Is.EqualTo(2 / 3.0));
            Assert.That(found["n-gram-coverage-2"], Is.EqualTo(1 / 3.0));
            Assert.That(found["n-gram-precision-2"], Is.EqualTo(1 / 2.0));
            Assert.That(found["n-gram-coverage-4"], Is.NaN);
            Assert.That(metric.WhyMissing("n-gram-coverage-4"), Is.EqualTo("no held-out text has 4 tokens"));
            Assert.That(found["n-gram-precision-4"], Is.Zero);
            Assert.That(metric.Evaluate(Evaluation("5"))["n-gram-precision-2"], Is.NaN);
            Assert.That(metric.WhyMissing("n-gram-precision-2"), Is.EqualTo("no sample has 2 tokens"));
        });
    }
}
