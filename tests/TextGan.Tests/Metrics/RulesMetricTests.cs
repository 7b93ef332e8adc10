using TextGan.Data.Rules;
using TextGan.Metrics;
using static TextGan.Tests.Metrics.MetricFakes;

namespace TextGan.Tests.Metrics;

public class RulesMetricTests
{
    [Test]
    public void Rates_are_those_of_the_texts()
    {
        var options = (RulesMetricOptions)Options(
            """{"kind":"rules","rules":{"one":{"kind":"contains","text":"1"},"two":{"kind":"contains","text":"2"}}}""");
        var values = options.Build(Context(4)).Evaluate(Evaluation("1 3", "1 2", "3", "1"));
        Assert.That(values.Keys, Is.EqualTo(options.ValueNames));
        Assert.That((values["rule-one"], values["rule-two"]), Is.EqualTo((0.75, 0.25)));
        Assert.That((values["rule-one-low"], values["rule-one-high"]), Is.EqualTo(WilsonInterval.Of(0.75, 4)));
        Assert.That(MetricDirection.HigherIsBetter("rule-one"), Is.True);
    }

    [Test]
    public void Without_samples_nothing_is_known() => Assert.That(
        new RulesMetric(new Dictionary<string, TextRule> { ["x"] = new LengthRule(1, null) }).Evaluate(Evaluation()).Values,
        Is.All.NaN);

    [TestCase("""{"kind":"rules","rules":{}}""", "$.m.rules: there is no rule; give at least one by name.")]
    [TestCase("""{"kind":"rules","rules":{"a b":{"kind":"contains","text":"1"}}}""",
        "$.m.rules: 'a b' cannot name a value; a name has 1 to 60 letters (A-Z, a-z), digits, '-' and '_'.")]
    public void Bad_names_are_rejected(string json, string message) =>
        Assert.That(Options(json).Validate("$.m").Select(problem => problem.ToString()), Is.EqualTo(new[] { message }));
}
