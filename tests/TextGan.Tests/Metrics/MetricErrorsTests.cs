using static TextGan.Tests.Metrics.MetricFakes;

namespace TextGan.Tests.Metrics;

public class MetricErrorsTests
{
    static readonly KnownSource Plain = new(new Dictionary<string, double>());
    static readonly KnownSource Judge = new(new Dictionary<string, double>(), "even");

    [TestCase("""{ "kind": "nll" }""", "metric 'nll': \"data\" is missing; allowed are: grammar, oracle, text.")]
    [TestCase("""{ "kind": "bleu", "data": "tekst" }""",
        "metric 'bleu': \"data\" is 'tekst', which is not a data set; allowed are: grammar, oracle, text.")]
    [TestCase("""{ "kind": "bleu", "data": "text" }""",
        "metric 'bleu': data set 'text' has no held-out texts; let it hold some out, or set \"split\" to \"train\"; data sets with " +
        "held-out texts: grammar.")]
    [TestCase("""{ "kind": "nll", "data": "text" }""",
        "metric 'nll': data set 'text' has no held-out texts; let it hold some out, or set \"split\" to \"train\"; data sets with " +
        "held-out texts: grammar.")]
    [TestCase("""{ "kind": "novelty", "data": "oracle" }""",
        "metric 'novelty': data set 'oracle' has no training texts; allowed are: grammar, text.")]
    [TestCase("""{ "kind": "source-nll", "data": "text" }""",
        "metric 'source-nll': data set 'text' has no exact source (only kinds that are drawn from a known distribution have one); " +
        "allowed are: grammar, oracle.")]
    [TestCase("""{ "kind": "attributes", "data": "text" }""",
        "metric 'attributes': data set 'text' has no exact source (only kinds that are drawn from a known distribution have one); " +
        "allowed are: grammar, oracle.")]
    [TestCase("""{ "kind": "attributes", "data": "oracle" }""",
        "metric 'attributes': the exact source of data set 'oracle' decides no attributes; allowed are: grammar.")]
    [TestCase("""{ "kind": "bleu", "data": "grammar", "orders": [2, 0, 11] }""",
        "metric 'bleu': \"orders\": 0, 11 found; each order must be from 1 to 10.")]
    [TestCase("""{ "kind": "self-bleu", "orders": [] }""",
        "metric 'self-bleu': \"orders\": the list is empty; it must have at least one order from 1 to 10.")]
    [TestCase("""{ "kind": "distinct-n", "orders": [3, 3] }""",
        "metric 'distinct-n': \"orders\": 3, 3 found; each order is allowed only once.")]
    public void Refused_when_built(string json, string message)
    {
        var context = Context(3, Set("text", ["1"], []), Set("grammar", ["1"], ["2"], Judge), Set("oracle", [], [], Plain));
        Assert.That(() => Options(json).Build(context), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(message));
    }

    [TestCase("""{ "kind": "bleu", "orders": [2, 0] }""", "$.m.orders: 0 found; each order must be from 1 to 10.")]
    [TestCase("""{ "kind": "self-bleu", "orders": [] }""", "$.m.orders: the list is empty; it must have at least one order from 1 to 10.")]
    [TestCase("""{ "kind": "distinct-n", "orders": [3, 1, 3] }""", "$.m.orders: 3, 1, 3 found; each order is allowed only once.")]
    public void Orders_are_checked_with_their_path_before_anything_is_loaded(string json, string problem) =>
        Assert.That(Options(json).Validate("$.m").Select(found => found.ToString()), Is.EqualTo(new[] { problem }));

    [TestCase("nll", true)]
    [TestCase("source-nll", true)]
    [TestCase("attributes", true)]
    [TestCase("bleu", true)]
    [TestCase("novelty", true)]
    [TestCase("self-bleu", false)]
    [TestCase("distinct-n", false)]
    [TestCase("length", false)]
    public void Defaults_are_valid_and_say_whether_data_is_needed(string kind, bool needsData)
    {
        var options = Options($$"""{ "kind": "{{kind}}" }""");
        Assert.That(options.Validate("$.m"), Is.Empty);
        Assert.That(options.NeedsData, Is.EqualTo(needsData));
    }
}
