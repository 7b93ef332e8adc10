using TextGan.Metrics;
using TextGan.Tokenization;
using static TextGan.Tests.Metrics.MetricFakes;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics;

public sealed class ReferenceKlMetricTests : IDisposable
{
    // p(next | last); row: last token. 0 is start and end.
    static readonly double[,] Own = { { .5, .25, .25 }, { .1, .6, .3 }, { .2, .2, .6 } };
    static readonly double[,] Other = { { .2, .3, .5 }, { .3, .3, .4 }, { .6, .3, .1 } };

    readonly BigramGenerator generator = new(NllMetricTests.Logits(Own)), reference = new(NllMetricTests.Logits(Other));

    public void Dispose()
    {
        generator.Dispose();
        reference.Dispose();
    }

    IReadOnlyDictionary<string, double> Measure(TextBatch texts, BigramGenerator? against = null) =>
        Options("""{ "kind": "reference-kl" }""").Build(Context(3)).Evaluate(
            Evaluation("1") with { Generator = generator, Batch = texts, Reference = against ?? reference });

    static double Divergence(int last) =>
        Enumerable.Range(0, 3).Sum(next => Own[last, next] * Math.Log(Own[last, next] / Other[last, next]));

    [Test]
    public void Value_and_error_by_hand()
    {
        // The texts are "1 2 end", read after 0, 1 and 2, and "end", read after 0.
        using var ids = tensor(new long[,] { { 1, 2, 0 }, { 0, 0, 0 } });
        var values = Measure(new TextBatch(ids, endId: 0));
        var (one, other) = (Divergence(0) + Divergence(1) + Divergence(2), Divergence(0));
        Assert.Multiple(() =>
        {
            Assert.That(values["reference-kl"], Is.EqualTo((one + other) / 2).Within(1e-6));
            // Of two values the deviation is |a - b| / √2, and the error that over √2.
            Assert.That(values["reference-kl-error"], Is.EqualTo(Math.Abs(one - other) / 2).Within(1e-6));
            Assert.That(values["reference-distance"], Is.EqualTo(Math.Sqrt((one + other) / 2)).Within(1e-6));
        });
    }

    [Test]
    public void Prompts_are_read_and_not_counted()
    {
        using var ids = tensor(new long[,] { { 1, 2, 0 } });
        using var lengths = tensor(new long[] { 1 });
        Assert.That(Measure(new TextBatch(ids, endId: 0, promptLengths: lengths))["reference-kl"],
            Is.EqualTo(Divergence(1) + Divergence(2)).Within(1e-6));
    }

    /// <summary>Σ p(x) of each text's sum is Σ p(x) ln(p(x) / q(x)), over all texts of at most three tokens.</summary>
    [Test]
    public void Its_expectation_is_the_divergence_of_whole_texts()
    {
        var (expectation, divergence, all) = (0.0, 0.0, 0.0);
        for (var number = 0; number < 27; number++)
        {
            long[] text = [number / 9, number / 3 % 3, number % 3];
            var end = Array.IndexOf(text, 0);
            if (end >= 0 && text[end..].Any(id => id != 0)) continue; // what follows the end is no text of its own
            var (p, q) = (1.0, 1.0);
            for (var (t, last) = (0, 0L); t <= (end < 0 ? 2 : end); last = text[t], t++)
            {
                p *= Own[last, text[t]];
                q *= Other[last, text[t]];
            }
            using var ids = tensor(text).unsqueeze(0);
            expectation += p * Measure(new TextBatch(ids, endId: 0))["reference-kl"];
            divergence += p * Math.Log(p / q);
            all += p;
        }
        Assert.Multiple(() =>
        {
            Assert.That(all, Is.EqualTo(1).Within(1e-12));
            Assert.That(expectation, Is.EqualTo(divergence).Within(1e-6));
        });
    }

    [Test]
    public void The_same_generator_is_at_no_distance_and_without_a_reference_nothing_is_measured()
    {
        using var ids = tensor(new long[,] { { 1, 2, 0 }, { 2, 1, 1 } });
        Assert.That(Measure(new TextBatch(ids, endId: 0), generator).Values, Is.All.Zero);
        Assert.That(Options("""{ "kind": "reference-kl" }""").Build(Context(3)).Measures(Evaluation("1")), Is.False);
    }
}
