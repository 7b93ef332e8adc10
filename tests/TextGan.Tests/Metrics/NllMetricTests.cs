using CsCheck;
using TextGan.Metrics;
using TextGan.Tokenization;
using TorchSharp;
using static TextGan.Tests.Metrics.MetricFakes;

namespace TextGan.Tests.Metrics;

public class NllMetricTests
{
    // p(next | last); row: last token. 0 is start and end.
    static readonly double[,] Probabilities = { { .5, .25, .25 }, { .1, .6, .3 }, { .2, .2, .6 } };

    [Test]
    public void Uniform_generator_gives_ln_V_whatever_the_texts()
    {
        using var generator = new BigramGenerator(new float[7, 7]);
        var metric = new NllMetric("nll-a", [[3, 4, 0, 0], [0, 0, 0, 0], [6, 5, 4, 3]], 0, 0, 2);
        Assert.That(metric.Evaluate(generator), Is.EqualTo(Math.Log(7)).Within(1e-6));
    }

    [Test]
    public void Value_by_hand_with_ends_counted_once()
    {
        using var generator = new BigramGenerator(Logits(Probabilities));
        var metric = new NllMetric("nll-a", [[1, 2, 0], [0, 0, 0], [2, 2, 2]], 0, 0, 2);
        // 1 2 end: 3 tokens; end: 1 token; 2 2 2 is cut and has no end: 3 tokens.
        var expected = -(Math.Log(.25 * .3 * .2) + Math.Log(.5) + Math.Log(.25 * .6 * .6)) / 7;
        Assert.That(metric.Evaluate(generator), Is.EqualTo(expected).Within(1e-6));
    }

    /// <summary>At temperature ½ probabilities are squared and normalised again: rows .25 1/16 1/16 and .01 .36 .09.</summary>
    [Test]
    public void Tempered_by_hand()
    {
        using var generator = new BigramGenerator(Logits(Probabilities));
        var metric = new NllMetric("nll-a", [[1, 0, 0]], 0, null, 1, temperature: 0.5);
        Assert.That(metric.Evaluate(generator),
            Is.EqualTo(-Math.Log(.0625 / .375 * (.01 / .46) * (.25 / .375)) / 3).Within(1e-6));
    }

    [Test]
    public void Without_an_end_token_every_position_counts()
    {
        using var generator = new BigramGenerator(Logits(Probabilities));
        var metric = new NllMetric("nll-a", [[1, 0, 0]], 0, null, 1);
        Assert.That(metric.Evaluate(generator), Is.EqualTo(-Math.Log(.25 * .1 * .5) / 3).Within(1e-6));
    }

    [Test]
    public void Equals_the_sum_over_tokens_for_any_texts_and_batch_size()
    {
        using var generator = new BigramGenerator(Logits(Probabilities));
        Gen.Select(Gen.Long[0, 2].Array[5].Array[1, 9], Gen.Int[1, 10]).Sample((rows, batchSize) =>
        {
            var (total, tokens) = (0.0, 0);
            foreach (var row in rows)
            {
                for (var (t, last) = (0, 0L); t < row.Length; last = row[t], t++)
                {
                    total -= Math.Log(Probabilities[last, row[t]]);
                    tokens++;
                    if (row[t] == 0) break;
                }
            }
            return Math.Abs(new NllMetric("n", rows, 0, 0, batchSize).Evaluate(generator) - total / tokens) < 1e-5;
        }, iter: 200, threads: 1);
    }

    [Test]
    public void Dropout_and_gradients_are_off_and_nothing_is_left_behind()
    {
        using var generator = new BigramGenerator(Logits(Probabilities));
        var metric = new NllMetric("nll-a", [[1, 2, 0]], 0, 0, 1);
        generator.train();
        _ = metric.Evaluate(generator);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = metric.Evaluate(generator);
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
        Assert.That(generator.RanInTraining, Is.False);
        Assert.That(generator.RanWithGradients, Is.False);
        Assert.That(generator.training, Is.True, "the mode is put back");
        Assert.That(torch.is_grad_enabled(), Is.True);
    }

    [Test]
    public void Built_from_json_it_reads_held_out_texts_and_is_named_after_the_data_set()
    {
        using var generator = new BigramGenerator(Logits(Probabilities));
        var context = Context(3, Set("captions", train: ["1"], heldOut: ["1 2", "", "2 2 2 1"]));
        var evaluation = Evaluation() with { Generator = generator };
        var values = Options("""{ "kind": "nll", "data": "captions" }""").Build(context).Evaluate(evaluation);
        Assert.That(values.Keys, Is.EqualTo(new[] { "nll-captions" }));
        Assert.That(values["nll-captions"], Is.EqualTo(-(Math.Log(.25 * .3 * .2) + Math.Log(.5) + Math.Log(.25 * .6 * .6)) / 7)
            .Within(1e-6));

        values = Options("""{ "kind": "nll", "data": "captions", "split": "train" }""").Build(context).Evaluate(evaluation);
        Assert.That(values["nll-captions-train"], Is.EqualTo(-Math.Log(.25 * .1) / 2).Within(1e-6));
    }

    [Test]
    public void Limit_spreads_texts_evenly_over_the_split()
    {
        using var generator = new BigramGenerator(Logits(Probabilities));
        var context = Context(2, Set("a", [], heldOut: ["1", "2", "2 2", "1 1"]));
        var values = Options("""{ "kind": "nll", "data": "a", "limit": 2 }""").Build(context)
            .Evaluate(Evaluation() with { Generator = generator });
        Assert.That(values["nll-a"], Is.EqualTo(-Math.Log(.25 * .1 * .25 * .6) / 4).Within(1e-6), "texts 0 and 2 of 4");
    }

    [Test]
    public void A_short_text_is_refused_where_nothing_can_fill_it_up()
    {
        var context = Context(3, Set("oracle", [], heldOut: ["1 2 1", "1 2"])) with {
            Encoder = new TextEncoder(new NumberTokenizer(10, endId: null), 3) };
        Assert.That(() => Options("""{ "kind": "nll", "data": "oracle" }""").Build(context), Throws.Exception.With.Message.EqualTo(
            "metric 'nll': data set 'oracle' has a text of 2 tokens; without an end token every text must have at least 3 tokens " +
            "(\"length\")."));
    }

    internal static float[,] Logits(double[,] probabilities)
    {
        var logits = new float[probabilities.GetLength(0), probabilities.GetLength(1)];
        for (var i = 0; i < logits.GetLength(0); i++)
        {
            // A constant per row changes no probability: it tells a missing normalisation.
            for (var j = 0; j < logits.GetLength(1); j++) logits[i, j] = (float)Math.Log(probabilities[i, j]) + 3 + i;
        }
        return logits;
    }
}
