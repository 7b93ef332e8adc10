using TextGan.Data.Worlds;
using TextGan.Metrics;
using TextGan.Problems;
using TextGan.Tokenization;
using static TextGan.Tests.Metrics.MetricFakes;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics.Exact;

/// <summary>Metrics that sum over all texts, against loops over all texts that are written here.</summary>
public sealed class ExactMetricTests
{
    const int V = 3, T = 2;

    static readonly float[,] Logits = { { 0.3f, -0.5f, 1 }, { 0, 0.7f, -1 }, { -0.2f, 0.4f, 0.1f } };

    /// <summary>p of the nine texts "a b", by hand; they sum to 1.</summary>
    static readonly double[,] Truth = { { .2, .05, .1 }, { .02, .3, .08 }, { .01, .04, .2 } };

    static readonly double[,] Scores = { { 1, -2, .5 }, { 0, 3, -1 }, { -.5, .2, 1.5 } };

    static KnownSource Source => new(Texts().ToDictionary(text => $"{text.A} {text.B}", text => Math.Log(Truth[text.A, text.B])));

    static IEnumerable<(int A, int B)> Texts() => from a in Enumerable.Range(0, V) from b in Enumerable.Range(0, V) select (a, b);

    /// <summary>p(next | last) of the table; the start is 0.</summary>
    static double Step(int last, int next) =>
        Math.Exp(Logits[last, next]) / Enumerable.Range(0, V).Sum(other => Math.Exp(Logits[last, other]));

    static double Q((int A, int B) text) => Step(0, text.A) * Step(text.A, text.B);

    static double P((int A, int B) text) => Truth[text.A, text.B];

    static double S((int A, int B) text) => Scores[text.A, text.B];

    static double Sum(Func<(int A, int B), double> function) => Texts().Sum(function);

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    static MetricContext Context(int? endId = null, int vocabulary = V, int length = T, KnownSource? source = null) => new(
        new Dictionary<string, TextGan.Data.DataSet> { ["world"] = Set("world", [], [], source ?? Source) },
        new TextEncoder(new NumberTokenizer(vocabulary, endId), length), 4) { KlWeight = 0.5 };

    static EvaluatedJudge JudgeOf(Func<(int A, int B), double> score, bool isStructured = false, double weight = 1) => new(
        "d", weight, isStructured, texts => TableOf(texts, score), texts => TableOf(texts, text => score(text) + 1));

    static Tensor TableOf(TextBatch texts, Func<(int A, int B), double> score)
    {
        var ids = texts.Ids.data<long>().ToArray();
        return tensor(ids.Chunk(T).Select(row => score(((int)row[0], (int)row[1]))).ToArray(), float64);
    }

    static IReadOnlyDictionary<string, double> Evaluate(string json, MetricContext context, params EvaluatedJudge[] judges)
    {
        var metric = Options(json).Build(context);
        using var generator = new BigramGenerator(Logits);
        using var reference = new BigramGenerator(new float[V, V]); // uniform
        return metric.Evaluate(new EvaluationContext(generator, [], []) { Judges = judges, Reference = reference, IsEnd = true });
    }

    [Test]
    public void Divergences_are_those_of_loops()
    {
        var found = Evaluate("""{ "kind": "exact", "data": "world" }""", Context());
        var kl = Sum(x => P(x) * Math.Log(P(x) / Q(x)));
        Assert.That(found["exact-kl"], Is.EqualTo(kl).Within(1e-6));
        Assert.That(found["exact-kl-reverse"], Is.EqualTo(Sum(x => Q(x) * Math.Log(Q(x) / P(x)))).Within(1e-6));
        Assert.That(found["exact-tv"], Is.EqualTo(Sum(x => Math.Abs(P(x) - Q(x))) / 2).Within(1e-6));
        Assert.That(found["exact-tv-bound"], Is.EqualTo(Math.Sqrt(kl / 2)).Within(1e-6).And.GreaterThan(found["exact-tv"]));
        Assert.That(found["exact-log-loss"], Is.EqualTo(-Sum(x => P(x) * Math.Log(Q(x)))).Within(1e-6));
        Assert.That(found["exact-outside"], Is.Zero);
    }

    /// <summary>Texts that end early are texts of their own; what the source never has is outside.</summary>
    [Test]
    public void Texts_that_end_early_are_others()
    {
        // 0 ends a text. Of "", "1", "2", "1 1", "1 2", "2 1", "2 2" the source has three.
        var source = new KnownSource(new Dictionary<string, double>
        {
            ["1"] = Math.Log(.5), ["1 2"] = Math.Log(.3), ["2 2"] = Math.Log(.2),
        });
        var found = Evaluate("""{ "kind": "exact", "data": "world" }""", Context(endId: 0, source: source));
        double one = Step(0, 1) * Step(1, 0), oneTwo = Step(0, 1) * Step(1, 2), twoTwo = Step(0, 2) * Step(2, 2);
        var inside = one + oneTwo + twoTwo;
        Assert.That(found["exact-outside"], Is.EqualTo(1 - inside).Within(1e-6));
        Assert.That(found["exact-kl"],
            Is.EqualTo(.5 * Math.Log(.5 / one) + .3 * Math.Log(.3 / oneTwo) + .2 * Math.Log(.2 / twoTwo)).Within(1e-6));
        Assert.That(found["exact-tv"],
            Is.EqualTo((Math.Abs(.5 - one) + Math.Abs(.3 - oneTwo) + Math.Abs(.2 - twoTwo) + 1 - inside) / 2).Within(1e-6));
        double Part(double q, double p) => q / inside * Math.Log(q / inside / p);
        Assert.That(found["exact-kl-reverse"], Is.EqualTo(Part(one, .5) + Part(oneTwo, .3) + Part(twoTwo, .2)).Within(1e-6));
    }

    [Test]
    public void What_a_discriminator_says_is_compared_by_loops()
    {
        var found = Evaluate("""{ "kind": "exact-discriminators", "data": "world" }""", Context(), JudgeOf(S));
        double Best((int, int) x) => P(x) / (P(x) + Q(x));
        Assert.That(found["exact-d-distance"],
            Is.EqualTo(Sum(x => (P(x) + Q(x)) / 2 * Math.Abs(Sigmoid(S(x)) - Best(x)))).Within(1e-6));
        double Verdict((int, int) x) => S(x) > 0 ? 1 : S(x) < 0 ? 0 : .5; // one text has the score 0
        var advantage = Sum(x => (P(x) - Q(x)) * Verdict(x));
        Assert.That(found["exact-d-advantage"], Is.EqualTo(advantage).Within(1e-6));
        Assert.That(found["exact-d-advantage-soft"], Is.EqualTo(Sum(x => (P(x) - Q(x)) * Sigmoid(S(x)))).Within(1e-6));

        double LogLoss(Func<(int, int), double> f, double power)
        {
            var total = Sum(x => Q(x) * Math.Exp(power * f(x)));
            return -Sum(x => P(x) * Math.Log(Q(x) * Math.Exp(power * f(x)) / total));
        }
        var powers = Enumerable.Range(-6000, 12_001).Select(i => i / 1000.0).ToList(); // a search of its own
        var best = powers.MinBy(power => LogLoss(S, power));
        Assert.That(found["exact-d-power"], Is.EqualTo(best).Within(2e-3));
        Assert.That(found["exact-d-reweighted"], Is.EqualTo(LogLoss(S, best)).Within(1e-5));
        Assert.That(found["exact-d-reweighted-verdict"], Is.EqualTo(powers.Min(power => LogLoss(Verdict, power))).Within(1e-5));
        Assert.That(LogLoss(S, 0) - found["exact-d-reweighted-verdict"], Is.GreaterThan(2 * advantage * advantage));

        double meanS = Sum(x => P(x) * S(x)), meanL = Sum(x => P(x) * Math.Log(P(x)));
        double varianceS = Sum(x => P(x) * Math.Pow(S(x) - meanS, 2)), varianceL = Sum(x => P(x) * Math.Pow(Math.Log(P(x)) - meanL, 2));
        Assert.That(found["exact-d-spread"], Is.EqualTo(Math.Sqrt(varianceS)).Within(1e-6));
        Assert.That(found["exact-d-correlation"], Is.EqualTo(
            Sum(x => P(x) * (S(x) - meanS) * (Math.Log(P(x)) - meanL)) / Math.Sqrt(varianceS * varianceL)).Within(1e-6));
        Assert.That(found["exact-d-deviation"], Is.EqualTo(
            Math.Sqrt(Sum(x => P(x) * Math.Pow(S(x) - meanS - Math.Log(P(x)) + meanL, 2)))).Within(1e-6));
        var partition = Sum(x => Math.Exp(S(x)));
        Assert.That(found["exact-d-energy-kl"], Is.EqualTo(Sum(x => P(x) * Math.Log(P(x) * partition / Math.Exp(S(x))))).Within(1e-6));
    }

    /// <summary>The best discriminator: no distance, the whole total variation, and re-weighting by it gives the truth.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void The_best_discriminator_is_recognised(bool isStructured)
    {
        var found = Evaluate("""{ "kind": "exact-discriminators", "data": "world" }""", Context(),
            JudgeOf(x => Math.Log(P(x) / Q(x)), isStructured));
        Assert.That(found["exact-d-distance"], Is.Zero.Within(1e-6));
        Assert.That(found["exact-d-advantage"], Is.EqualTo(Sum(x => Math.Abs(P(x) - Q(x))) / 2).Within(1e-6));
        Assert.That(found["exact-d-power"], Is.EqualTo(1).Within(1e-5));
        Assert.That(found["exact-d-reweighted"], Is.EqualTo(-Sum(x => P(x) * Math.Log(P(x)))).Within(1e-6));
        Assert.That(found["exact-d-deviation"], isStructured ? Is.Zero.Within(1e-6) : Is.GreaterThan(0.1));
        Assert.That(found["exact-d-energy-kl"], isStructured ? Is.Zero.Within(1e-6) : Is.GreaterThan(0.01));
        if (isStructured) Assert.That(found["exact-d-correlation"], Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void A_constant_has_no_advantage()
    {
        var found = Evaluate("""{ "kind": "exact-discriminators", "data": "world" }""", Context(), JudgeOf(_ => 0));
        Assert.That(found["exact-d-advantage"], Is.Zero.Within(1e-6));
        Assert.That(found["exact-d-power"], Is.Zero);
        Assert.That(found["exact-d-reweighted"], Is.EqualTo(-Sum(x => P(x) * Math.Log(Q(x)))).Within(1e-6));
        Assert.That(found["exact-d-correlation"], Is.NaN);
    }

    [Test]
    public void Curves_are_means_within_groups()
    {
        var found = Evaluate("""{ "kind": "exact-curves", "data": "world" }""", Context(), JudgeOf(S, isStructured: true));
        double Best((int, int) x) => P(x) / (P(x) + Q(x));
        foreach (var group in Texts().GroupBy(x => (int)(10 * Best(x)) + 1))
        {
            var weight = group.Sum(x => P(x) + Q(x));
            Assert.That(found[$"exact-d-optimal-{group.Key}"], Is.EqualTo(group.Sum(x => (P(x) + Q(x)) * Best(x)) / weight).Within(1e-6));
            Assert.That(found[$"exact-d-learnt-{group.Key}"],
                Is.EqualTo(group.Sum(x => (P(x) + Q(x)) * Sigmoid(S(x))) / weight).Within(1e-6));
        }
        foreach (var empty in Enumerable.Range(1, 10).Except(Texts().Select(x => (int)(10 * Best(x)) + 1)))
            Assert.That(found[$"exact-d-optimal-{empty}"], Is.NaN);
        // Nine texts in ten groups: the first is empty, each of the others has one text.
        double Energy((int, int) x) => S(x) + Math.Log(Q(x));
        var shift = Sum(x => P(x) * (Math.Log(P(x)) - Energy(x)));
        var sorted = Texts().OrderBy(P).ToList();
        Assert.That(found["exact-d-log-p-1"], Is.NaN);
        for (var group = 2; group <= 10; group++)
        {
            var alone = sorted[group - 2];
            Assert.That(found[$"exact-d-log-p-{group}"], Is.EqualTo(Math.Log(P(alone))).Within(1e-6));
            // Texts of equal probability may stand in either order.
            var energies = sorted.Where(x => P(x) == P(alone)).Select(x => Energy(x) + shift);
            Assert.That(energies.Min(energy => Math.Abs(energy - found[$"exact-d-energy-{group}"])), Is.LessThan(1e-5));
            Assert.That(found[$"exact-d-energy-{group}-deviation"], Is.Zero.Within(1e-9));
        }
    }

    /// <summary>p₀ is uniform, r = score + 1, w = 2, β = ½.</summary>
    [Test]
    public void The_optimum_is_that_of_the_closed_form()
    {
        var found = Evaluate("""{ "kind": "exact-optimum" }""", Context(), JudgeOf(S, weight: 2));
        var partition = Sum(x => Math.Exp(4 * (S(x) + 1)));
        double Optimum((int, int) x) => Math.Exp(4 * (S(x) + 1)) / partition;
        Assert.That(found["exact-optimum-gap"], Is.EqualTo(Sum(x => Q(x) * Math.Log(Q(x) / Optimum(x)))).Within(1e-5));
        Assert.That(found["exact-optimum-kl"], Is.EqualTo(Sum(x => Optimum(x) * Math.Log(Optimum(x) / Q(x)))).Within(1e-5));
        Assert.That(found["exact-optimum-tv"], Is.EqualTo(Sum(x => Math.Abs(Q(x) - Optimum(x))) / 2).Within(1e-6));
        var objective = Sum(x => Q(x) * (2 * (S(x) + 1) - .5 * Math.Log(Q(x) * 9)));
        Assert.That(found["exact-optimum-objective"], Is.EqualTo(objective).Within(1e-5));
        // No distribution has more: the gap times β is what is missing.
        var best = Sum(x => Optimum(x) * (2 * (S(x) + 1) - .5 * Math.Log(Optimum(x) * 9)));
        Assert.That(best - objective, Is.EqualTo(.5 * found["exact-optimum-gap"]).Within(1e-5));
    }

    /// <summary>All texts go through each model once at an evaluation, and through the newer ones at the next.</summary>
    [Test]
    public void Metrics_of_one_evaluation_share_what_models_say()
    {
        var context = Context();
        IMetric[] metrics = [.. new[] { "exact", "exact-discriminators", "exact-curves" }
            .Select(kind => Options($$"""{ "kind": "{{kind}}", "data": "world" }""").Build(context)),
            Options("""{ "kind": "exact-optimum" }""").Build(context)];
        using var generator = new BigramGenerator(Logits);
        using var reference = new BigramGenerator(new float[V, V]);
        var (asked, scored) = (0, JudgeOf(S));
        var judge = scored with { Scores = texts =>
        {
            asked++;
            return scored.Scores(texts);
        } };
        Dictionary<string, double> Evaluate()
        {
            var at = new EvaluationContext(generator, [], []) { Judges = [judge], Reference = reference, IsEnd = true };
            return metrics.SelectMany(metric => metric.Evaluate(at)).ToDictionary();
        }
        var first = Evaluate();
        Assert.That((generator.Reads, asked), Is.EqualTo((1, 1)));
        Assert.That(first["exact-tv"], Is.EqualTo(Sum(x => Math.Abs(P(x) - Q(x))) / 2).Within(1e-6));
        using (no_grad()) generator.get_parameter("table")!.zero_();
        var second = Evaluate();
        Assert.That((generator.Reads, asked), Is.EqualTo((2, 2)));
        Assert.That(second["exact-tv"], Is.EqualTo(Sum(x => Math.Abs(P(x) - 1 / 9.0)) / 2).Within(1e-6), "uniform");
    }

    [Test]
    public void What_cannot_be_summed_is_rejected()
    {
        string Message(MetricContext context) => Assert.Throws<InvalidInputException>(
            () => Options("""{ "kind": "exact", "data": "world" }""").Build(context))!.Message;
        Assert.That(Message(Context(vocabulary: 10, length: 6)), Does.Contain(
            "metric 'exact': a generator of 10 tokens can write more than 250,000 texts of 6 tokens, which cannot be summed over; take a " +
            "smaller vocabulary or 'length', such as 12 and 5."));
        Assert.That(Message(Context(vocabulary: 2)), Does.Contain(
            "metric 'exact': the texts that the generator can write have 0.57 of the probability of the data set 'world', not all; let " +
            "vocabulary and 'length' be those of the data, with the tokenizer \"ids\" for a data set of the kind 'enumerable'."));
    }

    /// <summary>The world's own probabilities, in its own order.</summary>
    [Test]
    public void A_world_is_compared_with_itself()
    {
        var world = new EnumerableWorld(V, T, order: 1, deviation: 1, seed: 4);
        var context = new MetricContext(
            new Dictionary<string, TextGan.Data.DataSet> { ["world"] = Set("world", [], [], world) },
            new TextEncoder(new NumberTokenizer(V, null), T), 4);
        var found = Evaluate("""{ "kind": "exact", "data": "world" }""", context);
        var expected = Texts().Sum(x => Math.Exp(world.LogProbabilities([$"{x.A} {x.B}"])[0])
            * (world.LogProbabilities([$"{x.A} {x.B}"])[0] - Math.Log(Q(x))));
        Assert.That(found["exact-kl"], Is.EqualTo(expected).Within(1e-6));
    }
}
