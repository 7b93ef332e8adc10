using TextGan.Discriminators.Losses;
using TextGan.Generators.Sampling;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Updates.Losses;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Storage;
using TextGan.Tests.Generators;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives.Combiners;

/// <summary>Combiners that weigh discriminators by their generator losses.</summary>
public sealed class LossCombinerTests
{
    static readonly Dictionary<string, double> Weights = new() { ["a"] = 1, ["b"] = 3, ["off"] = 0, ["kl"] = 0.25 };

    /// <summary>
    /// The weights of a (1) and b (3) at their losses, beside a discriminator of weight 0 with a huge loss and a regulariser (¼).
    /// </summary>
    static double[] WeightsOf(LossCombiner combiner, double a, double b, bool isFirstPass = true)
    {
        using var terms = new LinearTerms(1).With("a", a, 1).With("b", b, 10).With("off", 1e9, 1000).With("kl", null, 100);
        var weights = combiner.Combine(terms.Terms(isFirstPass), 0);
        Assert.That(weights.Skip(2), Is.EqualTo(new[] { 0, 0.25 }), "left out, and as configured");
        Assert.That(terms.Gradient[0], Is.EqualTo(weights[0] + 10 * weights[1] + 25).Within(1e-4));
        return [.. weights.Take(2)];
    }

    static readonly double Log2 = Math.Log(2);

    /// <summary>e^0 : e^(ln 2) = 1 : 2, and for λ = 2 1 : 4, times the weights 1 and 3.</summary>
    [TestCase(1, 1 / 3.0, 2)]
    [TestCase(2, 0.2, 2.4)]
    [TestCase(0, 0.5, 1.5)]
    [TestCase(1e6, 0, 3)]
    public void Gman(double λ, double a, double b) =>
        Assert.That(WeightsOf(new GmanCombiner(Weights, λ), -5, -5 + Log2), Is.EqualTo(new[] { a, b }).Within(1e-12));

    /// <summary>η = 1.5 · 2 = 3, so 1/(3 - 1) : 1/(3 - 2) = 1 : 2, and with a slack of 4, 1/7 : 1/6 = 6 : 7.</summary>
    [TestCase(1.5, 1 / 3.0, 2)]
    [TestCase(4, 6 / 13.0, 21 / 13.0)]
    [TestCase(1e6, 0.5, 1.5)]
    public void Hypervolume(double slack, double a, double b) =>
        Assert.That(WeightsOf(new HypervolumeCombiner(Weights, slack), 1, 2), Is.EqualTo(new[] { a, b }).Within(1e-6));

    [Test]
    public void Hypervolume_weighs_losses_of_0_alike() =>
        Assert.That(WeightsOf(new HypervolumeCombiner(Weights, 1.1), 0, 0), Is.EqualTo(new[] { 0.5, 1.5 }));

    /// <summary>
    /// The gradient of -log(3 - L_a) - log(3 - L_b) in the losses at 1 and 2 by differences, brought to the sum 1.
    /// </summary>
    [Test]
    public void Hypervolume_is_the_gradient_of_the_logarithms()
    {
        static double Objective(double a, double b) => -Math.Log(3 - a) - Math.Log(3 - b);
        const double h = 1e-6;
        var (a, b) = ((Objective(1 + h, 2) - Objective(1 - h, 2)) / (2 * h), (Objective(1, 2 + h) - Objective(1, 2 - h)) / (2 * h));
        Assert.That(WeightsOf(new HypervolumeCombiner(Weights, 1.5), 1, 2),
            Is.EqualTo(new[] { a / (a + b), 3 * b / (a + b) }).Within(1e-8));
    }

    /// <summary>
    /// s begins at 0 (weights w/2). The slope of a is ½(1 - 3) = -1, of b ½(1 - ½) = ¼, so that s becomes 0.1 and -0.025.
    /// </summary>
    [Test]
    public void Uncertainty_takes_a_step_after_each_rollout()
    {
        using var combiner = new UncertaintyCombiner(Weights, 0.1);
        Assert.That(WeightsOf(combiner, 3, 0.5), Is.EqualTo(new[] { 0.5, 1.5 }));
        Assert.That(WeightsOf(combiner, 3, 0.5, isFirstPass: false), Is.EqualTo(new[] { 0.5, 1.5 }), "of the rollout");
        Assert.That(WeightsOf(combiner, 1e9, 0.5), Is.EqualTo(new[] { Math.Exp(-0.1) / 2, 1.5 * Math.Exp(0.025) }).Within(1e-12));
        Assert.That(WeightsOf(combiner, 3, 0.5)[0], Is.EqualTo(Math.Exp(-0.2) / 2).Within(1e-12), "no slope is below -1");
    }

    /// <summary>The minimum of L/(2 e^s) + s/2 is at e^s = L: weights 1/6 and 3·1.</summary>
    [Test]
    public void Uncertainty_finds_the_minimum()
    {
        using var combiner = new UncertaintyCombiner(Weights, 0.1);
        for (var i = 0; i < 500; i++) WeightsOf(combiner, 3, 0.5);
        Assert.That(WeightsOf(combiner, 3, 0.5), Is.EqualTo(new[] { 1 / 6.0, 3 }).Within(1e-9));
        Assert.That(WeightsOf(combiner, double.NaN, 0.5)[0], Is.EqualTo(1 / 6.0).Within(1e-9));
        Assert.That(WeightsOf(combiner, 3, 0.5), Is.EqualTo(new[] { 1 / 6.0, 3 }).Within(1e-9), "nothing is learnt from NaN");
    }

    /// <summary>λ begins at 1. log λ grows by ½ · 1 · (0.7 - 0.5) = 0.1, then by ½ λ (0.3 - 0.5).</summary>
    [Test]
    public void Lagrangian_raises_the_multiplier_of_a_violated_constraint()
    {
        using var combiner = new LagrangianCombiner(Weights, new Dictionary<string, double> { ["b"] = 0.5 }, 0.5, initial: 1, largest: 10);
        Assert.That(WeightsOf(combiner, 9, 0.7), Is.EqualTo(new[] { 0.5, 1.5 }));
        var λ = Math.Exp(0.1);
        Assert.That(WeightsOf(combiner, 9, 0.3), Is.EqualTo(new[] { 1 / (1 + λ), 3 * λ / (1 + λ) }).Within(1e-12));
        λ *= Math.Exp(-0.1 * λ);
        Assert.That(WeightsOf(combiner, 9, 1e9), Is.EqualTo(new[] { 1 / (1 + λ), 3 * λ / (1 + λ) }).Within(1e-12));
        Assert.That(WeightsOf(combiner, 9, -1e9), Is.EqualTo(new[] { 1 / 11.0, 30 / 11.0 }).Within(1e-12), "the largest");
        Assert.That(WeightsOf(combiner, 9, 0.5)[0], Is.EqualTo(1).Within(2e-6), "the smallest");
    }

    /// <summary>min x² with (x - 2)² ≤ 1 is at x = 1, where 2x + λ 2(x - 2) = 0 for λ = 1, so that both weigh ½.</summary>
    [Test]
    public void Lagrangian_solves_a_constrained_problem()
    {
        using var scope = NewDisposeScope();
        using var combiner = new LagrangianCombiner(
            new Dictionary<string, double> { ["a"] = 1, ["b"] = 1 }, new Dictionary<string, double> { ["b"] = 1 }, 0.05, initial: 0.2, 10);
        var x = new Parameter(tensor(new[] { -1f }));
        IReadOnlyList<double> weights = [];
        for (var i = 0; i < 3000; i++)
        {
            using var step = NewDisposeScope();
            x.grad = null;
            Term Of(string name, Tensor value) => new(name, () => value, value.detach()) { Loss = () => value.detach() };
            weights = combiner.Combine(
                new TermGradients([Of("a", x.square().sum()), Of("b", (x - 2).square().sum())], [x]), i);
            using var _ = no_grad();
            x.sub_(x.grad! * 0.05);
        }
        Assert.That(x.item<float>(), Is.EqualTo(1).Within(1e-3));
        Assert.That(weights, Is.EqualTo(new[] { 0.5, 0.5 }).Within(1e-3));
    }

    static IEnumerable<TestCaseData> Stateful()
    {
        yield return new TestCaseData((Func<LossCombiner>)(() => new UncertaintyCombiner(Weights, 0.1))).SetArgDisplayNames("uncertainty");
        yield return new TestCaseData((Func<LossCombiner>)(() => new LagrangianCombiner(
            Weights, new Dictionary<string, double> { ["b"] = 0.5 }, 0.5, 1, 10))).SetArgDisplayNames("lagrangian");
    }

    [TestCaseSource(nameof(Stateful))]
    public void What_is_learnt_is_saved(Func<LossCombiner> build)
    {
        using LossCombiner one = build(), other = build();
        StateBag early = new(), late = new();
        one.Save(early);
        var first = WeightsOf(one, 3, 0.7);
        for (var i = 0; i < 5; i++) WeightsOf(one, 3, 0.7);
        one.Save(late);
        var next = WeightsOf(one, 3, 0.7);
        Assert.That(next, Is.Not.EqualTo(first));
        other.Load(late);
        Assert.That(WeightsOf(other, 3, 0.7), Is.EqualTo(next));
        other.Load(early);
        Assert.That(WeightsOf(other, 3, 0.7), Is.EqualTo(first), "back at the start");
    }

    static UpdateRule Rule(string kind) => kind switch
    {
        "relaxed" => new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 0.7 }),
        "relaxed, sum first" => new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 0.7 },
            new SignalNormalizer(0.9, NormalizationStatistics.Batch)),
        _ => new PolicyGradientUpdate(new LogitReward(), new SequenceCredit(),
            new AdvantageCombination(kind == "sum first" ? [new NoBaseline()] : [new NoBaseline(), new NoBaseline()],
                kind == "sum first" ? new SignalNormalizer(0.9, NormalizationStatistics.Batch) : null),
            kind == "clipped" ? new ClippedLoss(0.2) : new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null), epochs: kind == "clipped" ? 2 : 1),
    };

    /// <summary>
    /// Under every rule the losses are those of the discriminators on the rollout's texts, whatever is rewarded and normalised, and the
    /// gradient is that of the sum with the weights that follow from them.
    /// </summary>
    [Test]
    public void Losses_are_the_discriminators_own_under_every_rule(
        [Values("relaxed", "relaxed, sum first", "reinforce", "clipped", "sum first")] string kind, [Values] bool normalized)
    {
        using var scope = NewDisposeScope();
        const int batch = 7;
        using var generator = GeneratorCases.Build(GeneratorCases.All[0]);
        using TableDiscriminator first = new(GeneratorCases.T, GeneratorCases.V, 3), second = new(GeneratorCases.T, GeneratorCases.V, 5);
        Judge Of(string name, TableDiscriminator model, AdversarialLoss loss) => new(name, model, loss, CPU,
            normalized && !kind.Contains("sum") ? new SignalNormalizer(0.9, NormalizationStatistics.Batch) : null,
            _ => throw new InvalidOperationException());
        Judge[] judges = [Of("a", first, new NonSaturatingLoss()), Of("b", second, new HingeLoss())];
        var request = new RolloutRequest(generator, judges, batch, GeneratorCases.T, GeneratorCases.Start, GeneratorCases.End, 0, 1,
            NeedsLogits: false);
        using var rule = Rule(kind);
        manual_seed(6);
        var rollout = rule.Collect(request);
        var logits = new[] { first, second }.Select(model => GeneratorCases.Doubles(model.forward(rollout.Texts).Logits)).ToArray();
        double[] expected = [logits[0].Average(logit => Math.Log(1 + Math.Exp(-logit))), -logits[1].Average()];

        TermGradients Terms(int pass)
        {
            Gradients.Clear(generator.parameters());
            var estimate = rule.Estimate(request, rollout, pass);
            return new TermGradients(estimate.Terms, [.. generator.parameters()], estimate.Together, estimate.Terms.Count)
            {
                IsFirstPass = pass == 0,
            };
        }
        double[] Gradient() => [.. generator.parameters().SelectMany(p => GeneratorCases.Doubles(p.grad!))];

        using var combiner = new GmanCombiner(Weights, 0.3);
        for (var pass = 0; pass < rule.Passes; pass++)
        {
            var terms = Terms(pass);
            var weights = combiner.Combine(terms, 0);
            if (pass == 0) Assert.That(terms.KnownLosses.Values, Is.EqualTo(expected).Within(1e-5));
            else Assert.That(terms.KnownLosses, Is.Empty, "read once for a rollout");
            double[] powers = [Math.Exp(0.3 * expected[0]), Math.Exp(0.3 * expected[1])];
            Assert.That(weights, Is.EqualTo(new[] { powers[0] / powers.Sum(), 3 * powers[1] / powers.Sum() }).Within(1e-5));
            var found = Gradient();
            if (pass == 0) // whose graph is gone
            {
                manual_seed(6);
                rollout = rule.Collect(request);
            }
            Terms(pass).Backward(weights);
            Assert.That(found, Is.EqualTo(Gradient()).Within(1e-5 * found.Max(Math.Abs)));
            Assert.That(found.Max(Math.Abs), Is.GreaterThan(1e-4));
        }
    }
}
