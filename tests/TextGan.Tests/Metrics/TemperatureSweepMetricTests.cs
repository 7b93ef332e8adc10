using TextGan.Generators.Sampling;
using TextGan.Metrics;
using TextGan.Tokenization;
using static TextGan.Tests.Metrics.MetricFakes;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics;

public sealed class TemperatureSweepMetricTests
{
    static TemperatureSweepMetricOptions Sweep(string options) =>
        (TemperatureSweepMetricOptions)Options($$"""{ "kind": "temperature-sweep", "data": "text"{{options}} }""");

    /// <summary>p = (.5, .25, .25) and (.2, .2, .6), squared and normalised at temperature ½: 2/3, 1/6, 1/6 and 1/11, 1/11, 9/11.</summary>
    [Test]
    public void Real_texts_are_scored_by_the_tempered_model()
    {
        using var generator = new BigramGenerator(new float[,]
        {
            { MathF.Log(.5f), MathF.Log(.25f), MathF.Log(.25f) }, { 0, 0, 0 }, { MathF.Log(.2f), MathF.Log(.2f), MathF.Log(.6f) },
        });
        var metric = new NllMetric("n", [[2, 2, 0]], 0, 0, 1);
        Assert.That(metric.Evaluate(generator, 0.5), Is.EqualTo(-Math.Log(1 / 6.0 * 9 / 11 * 1 / 11) / 3).Within(1e-6));
        Assert.That(metric.Evaluate(generator, 1), Is.EqualTo(-Math.Log(.25 * .6 * .2) / 3).Within(1e-6));
    }

    /// <summary>Cold: "1 2" alone; warm: "1 2" and "3 4" in turn.</summary>
    static TextBatch Draw(SamplingOptions sampling, int count) => new(tensor(Enumerable.Range(0, count).SelectMany(
        i => sampling is { Temperature: < 1 } or { TopP: < 1 } || i % 2 == 0 ? new long[] { 1, 2, 0 }
            : [3, 4, 0]).ToArray(), [count, 3]), 0);

    static IReadOnlyDictionary<string, double> Measured(
        TemperatureSweepMetricOptions options, List<(string, SamplingOptions)>? asked = null)
    {
        var source = new KnownSource(new Dictionary<string, double> { ["1 2"] = -2, ["3 4"] = -6 });
        using var generator = new BigramGenerator(new float[10, 10]);
        using var metric = (TemperatureSweepMetric)options.Build(Context(3, Set("text", ["1 2", "3 4"], ["1 2", "3 4"], source)));
        var context = Evaluation("1 2", "3 4", "1 2", "3 4") with
        {
            Generator = generator, IsEnd = true,
            Draw = (_, purpose, from, count, sampling) =>
            {
                asked?.Add(($"{purpose} {from} {count}", sampling!));
                return Draw(sampling!, count);
            },
        };
        Assert.That(metric.Measures(context) && !metric.Measures(context with { IsEnd = false }));
        Assert.That(metric.Samples(4), Is.EqualTo(options.Samples ?? 4));
        return metric.Evaluate(context);
    }

    [Test]
    public void The_figures_of_each_setting_by_hand()
    {
        var found = Measured(Sweep(""", "temperatures": [1, 0.5], "topP": [0.9], "order": 2"""));
        var v = 2 * Math.Log(10);
        Assert.Multiple(() =>
        {
            // ln p of -2 and -6 over two tokens and the end each; every token of a uniform generator has 1/10 at any temperature.
            Assert.That(found["sweep-point-temperature-0.5-nll-oracle"], Is.EqualTo(2 / 3.0).Within(1e-12));
            Assert.That(found["sweep-point-temperature-1-nll-oracle"], Is.EqualTo(4 / 3.0).Within(1e-12));
            Assert.That(found["sweep-point-temperature-1-nll-test"], Is.EqualTo(v / 2).Within(1e-6));
            Assert.That(found["sweep-best-temperature-likelihood"], Is.EqualTo(2 / 3.0 + v / 2).Within(1e-6));
            Assert.That(found["sweep-reference"], Is.EqualTo(v).Within(1e-12));
            Assert.That(found["sweep-area-temperature-likelihood"], Is.EqualTo((v - 2 / 3.0) * (v / 2) / (v * v)).Within(1e-6));
            Assert.That(found, Does.Not.ContainKey("sweep-point-top-p-0.9-nll-test"), "real texts have probability 0");
            // All samples are references, and of four in turn each is there again.
            foreach (var at in (string[])["temperature-0.5", "temperature-1", "top-p-0.9"])
                Assert.That((found[$"sweep-point-{at}-bleu-2"], found[$"sweep-point-{at}-self-bleu-2"]), Is.EqualTo((1.0, 1.0)));
            Assert.That(found["sweep-area-top-p-bleu-2"], Is.Zero);
            // A model of both texts halves between the beginnings; one of "1 2" alone has not seen the other.
            Assert.That(found["sweep-point-temperature-0.5-reverse-lm-score-n-gram"],
                Is.GreaterThan(found["sweep-point-temperature-1-reverse-lm-score-n-gram"] + 0.5));
            Assert.That(found["sweep-point-temperature-0.5-lm-score-n-gram"],
                Is.EqualTo(found["sweep-point-temperature-1-lm-score-n-gram"]).Within(1e-12), "both texts are equally likely");
        });
    }

    [Test]
    public void Each_setting_draws_from_the_same_random_numbers()
    {
        var asked = new List<(string, SamplingOptions)>();
        Measured(Sweep(""", "temperatures": [2, 0.5], "topP": [0.9], "samples": 6, "pairs": ["bleu"]"""), asked);
        string[] parts = ["temperature-sweep 0 4", "temperature-sweep 4 4"];
        Assert.That(asked, Is.EqualTo(((SamplingOptions[])[new() { Temperature = 0.5 }, new() { Temperature = 2 }, new() { TopP = 0.9 }])
            .SelectMany(sampling => parts.Select(part => (part, sampling)))));
    }

    [Test]
    public void Names_are_known_where_pairs_are_chosen()
    {
        var options = Sweep(""", "temperatures": [0.5], "topP": [0.9, 1], "pairs": ["language-model", "likelihood"]""");
        Assert.That(options.ValueNames, Is.EquivalentTo(Measured(options).Keys));
        Assert.That(Sweep("").ValueNames, Is.Null);
    }

    [TestCase(""", "temperatures": [0, 0.5, 101]""", "$.m.temperatures: 0, 101 found; each must be above 0 and at most 100.")]
    [TestCase(""", "temperatures": [1, 1]""", "$.m.temperatures: has a value twice.")]
    [TestCase(""", "topP": [1.5]""", "$.m.topP: 1.5 found; each must be above 0 and at most 1.")]
    [TestCase(""", "temperatures": []""", "$.m.temperatures: and 'topP' are both empty; give at least one value of one of them.")]
    [TestCase(""", "pairs": []""", "$.m.pairs: 0 found; at least one pair is needed, and none twice.")]
    [TestCase(""", "pairs": ["likelihood"], "topP": [0.5]""",
        "$.m.topP: has values, but with them real texts have probability 0; take further 'pairs', or leave it out.")]
    public void Wrong_options_are_rejected(string options, string problem) =>
        Assert.That(Sweep(options).Validate("$.m").Select(one => one.ToString()), Is.EqualTo(new[] { problem }));

    [Test]
    public void The_pair_of_likelihoods_needs_an_exact_source()
    {
        Assert.That((Sweep("").NeedsExactSource, Sweep(""", "pairs": ["likelihood"]""").NeedsExactSource), Is.EqualTo((false, true)));
        Assert.That(() => Sweep(""", "pairs": ["likelihood"]""").Build(Context(3, Set("text", ["1"], ["2"]))),
            Throws.TypeOf<InvalidInputException>().With.Message.Contain("metric 'temperature-sweep': data set 'text' has no exact source"));
    }
}
