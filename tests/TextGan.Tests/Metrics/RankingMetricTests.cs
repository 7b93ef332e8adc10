using TextGan.Metrics;
using TextGan.Problems;
using static TextGan.Tests.Metrics.MetricFakes;

namespace TextGan.Tests.Metrics;

public class RankingMetricTests
{
    const string Json = """
        {"kind":"ranking","data":"d","tokens":4,"strings":200,"teachers":{"three":{"kind":"n-gram"},"one":{"kind":"n-gram","order":1},
         "own":{"kind":"generator"}}}
        """;

    static readonly string[] real = [.. Enumerable.Range(0, 60).Select(i => $"1 2 3 4 {5 + (i % 5)} 1")];

    static IReadOnlyDictionary<string, double> Values(string json, EvaluationContext context) =>
        ((RankingMetricOptions)Options(json)).Build(Context(6, Set("d", real, [.. real, "1 2"]))).Evaluate(context);

    /// <summary>A generator to which all strings are alike: 10 tokens of the same probability.</summary>
    static EvaluationContext Even(params string[] texts) => Evaluation(texts) with { Generator = new BigramGenerator(new float[10, 10]) };

    [Test]
    public void Sources_are_ranked_and_an_even_teacher_ranks_nothing()
    {
        var values = Values(Json, Even("1 2 3 5", "2 2 2 2 2", "1 2"));
        Assert.That(values.Keys, Is.EqualTo(Options(Json).ValueNames));
        Assert.That(values["ranking-auc-n-gram-uniform-three"], Is.GreaterThan(0.95));
        Assert.That(values["ranking-auc-real-student-three"], Is.EqualTo(1), "both are seldom in the texts");
        Assert.That(values["ranking-score-real-three"], Is.GreaterThan(values["ranking-score-n-gram-three"] - 0.1)
            .And.GreaterThan(values["ranking-score-uniform-three"] + 1));
        Assert.That(values["ranking-spearman-three-one"], Is.InRange(0.3, 0.999));
        Assert.That(values["ranking-spearman-three-one-low"], Is.LessThan(values["ranking-spearman-three-one"]));
        // The control.
        Assert.That(values.Where(value => value.Key.EndsWith("-own") && value.Key.Contains("-auc-")).Select(value => value.Value),
            Is.All.EqualTo(0.5));
        Assert.That(values["ranking-score-real-own"], Is.EqualTo(Math.Log(0.1)).Within(1e-6));
        Assert.That(values["ranking-spearman-three-own"], Is.NaN);
    }

    [Test]
    public void Scores_are_those_of_the_model()
    {
        var model = new NGramModel(real.Select(text => text.Split(' ').Select(int.Parse).ToArray()), 3, [.. Enumerable.Range(0, 10)]);
        var ids = new[] { 1, 2, 3, 4 };
        var values = Values("""{"kind":"ranking","data":"d","tokens":4,"teachers":{"t":{"kind":"n-gram"}}}""", Even("1 2 3 4", "1 2 3 4"));
        Assert.That(values["ranking-score-student-t"], Is.EqualTo(values["ranking-score-real-t"]).Within(1e-12));
        Assert.That(values["ranking-score-real-t"], Is.EqualTo(model.LogProbability(ids) / 4).Within(0.02),
            "the metric's vocabulary leaves out the special tokens");
        Assert.That(values["ranking-auc-real-student-t"], Is.EqualTo(0.5));
    }

    [Test]
    public void Without_texts_that_are_long_enough_there_is_no_value_but_a_reason()
    {
        var metric = ((RankingMetricOptions)Options(Json)).Build(Context(6, Set("d", real, real)));
        var values = metric.Evaluate(Even("1 2", "3"));
        Assert.That(values["ranking-auc-real-student-one"], Is.NaN);
        Assert.That((metric.Samples(2), metric.WhyMissing("x")), Is.EqualTo((0, "fewer than two generated texts have 4 tokens")));
        Assert.That(metric.Finding, Is.EqualTo("ranking: real 60, student at most 200, n-gram 200, uniform 200 strings of 4 tokens"));
    }

    [TestCase("""{"kind":"ranking","data":"d","tokens":7,"teachers":{"t":{"kind":"n-gram"}}}""",
        "metric 'ranking': \"tokens\" is 7; texts have at most 6 ('length').")]
    [TestCase("""{"kind":"ranking","data":"short","tokens":3,"teachers":{"t":{"kind":"n-gram"}}}""",
        "metric 'ranking': data set 'short' has 1 text of 3 tokens or more; at least 2 are needed.")]
    public void What_cannot_be_ranked_is_said(string json, string message) => Assert.That(
        Assert.Throws<InvalidInputException>(() => Options(json).Build(
            Context(6, Set("d", real, real), Set("short", real, ["1", "1 2 3"]))))!.Problems.Single().ToString(), Is.EqualTo(message));

    [Test]
    public void A_teacher_is_needed() => Assert.That(
        Options("""{"kind":"ranking","data":"d","teachers":{}}""").Validate("$.m").Single().ToString(),
        Is.EqualTo("$.m.teachers: there is no teacher; give at least one by name."));
}
