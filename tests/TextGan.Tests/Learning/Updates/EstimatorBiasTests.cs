using TextGan.Learning.Updates.Losses;
using TextGan.Generators.Sampling;
using TextGan.Discriminators.Losses;
using TextGan.Schedules;
using TextGan.Tests.Learning;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

/// <summary>Estimates of the gradient against the exact gradient of the expected reward, by enumeration of all texts (V=4, T=3).</summary>
public class EstimatorBiasTests
{
    const int V = 4, T = 3, Start = 0, End = 0, Batch = 16;

    static RolloutRequest Request(BigramGenerator generator, params Judge[] adversaries) =>
        new(generator, adversaries, Batch, T, Start, End, 0, 1, NeedsLogits: false);

    static Judge JudgeOf(TableDiscriminator judge, SignalNormalizer? normalizer = null, AdversarialLoss? loss = null) =>
        new("judge", judge, loss ?? new NonSaturatingLoss(), CPU, normalizer, _ => throw new InvalidOperationException());

    static GradientStatistics Measure(UpdateRule estimator, BigramGenerator generator, Judge adversary, int estimates)
    {
        var statistics = new GradientStatistics(V * V);
        for (var i = 0; i < estimates; i++)
        {
            using var scope = NewDisposeScope();
            manual_seed(1000 + i);
            statistics.Add(Enumeration.GradientOf(estimator.Estimate(Request(generator, adversary)).Terms.Single().Surrogate(), generator));
        }
        return statistics;
    }

    static readonly string[] Baselines = ["none", "moving-average", "leave-one-out", "critic"];

    static Baseline BaselineOf(string kind) => kind switch
    {
        "none" => new NoBaseline(),
        "moving-average" => new MovingAverageBaseline(0.9),
        "leave-one-out" => new LeaveOneOutBaseline(),
        _ => new CriticBaseline(V, 8, new TextGan.Optimizers.AdamOptions(), CPU),
    };

    static void AssertUnbiased(GradientStatistics statistics, double[] exact)
    {
        TestContext.Out.WriteLine(
            $"mean square z {statistics.MeanSquareError(exact):F2}, largest |z| {statistics.LargestDeviation(exact):F2}, variance " +
            $"{statistics.TotalVariance:G3}");
        // 16 coordinates: P(mean of squares > 2.4) < 0.2% for an unbiased estimate; single coordinates stay within 3.5 errors.
        Assert.That(statistics.MeanSquareError(exact), Is.LessThan(2.4));
        Assert.That(statistics.LargestDeviation(exact), Is.LessThan(3.5));
    }

    [TestCaseSource(nameof(Baselines))]
    public void Whole_sequence_reward_is_unbiased(string baseline)
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => -judge.forward(texts).SequenceLogits());
        using var estimator = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([BaselineOf(baseline)]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        AssertUnbiased(Measure(estimator, generator, JudgeOf(judge), 2000), exact);
    }

    [TestCase("none"), TestCase("leave-one-out"), TestCase("moving-average", Category = "Long"), TestCase("critic", Category = "Long")]
    public void Rollout_reward_is_unbiased(string baseline)
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => -judge.forward(texts).SequenceLogits().sigmoid());
        using var estimator = new PolicyGradientUpdate(
            new ProbabilityReward(), new RolloutCredit(3), new AdvantageCombination([BaselineOf(baseline)]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        AssertUnbiased(Measure(estimator, generator, JudgeOf(judge), 1500), exact);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_loss_as_reward_is_unbiased(bool rollouts)
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        // The target 1 lies amid the logits: a reward of the logit alone would lead elsewhere.
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => (judge.forward(texts).SequenceLogits() - 1).square() / 2);
        using var estimator = new PolicyGradientUpdate(new NegativeLossReward(), rollouts ? new RolloutCredit(3)
            : new SequenceCredit(), new AdvantageCombination([BaselineOf("leave-one-out")]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        AssertUnbiased(Measure(estimator, generator, JudgeOf(judge, loss: new LeastSquaresLoss()), 1500), exact);
    }

    [TestCase("none"), TestCase("leave-one-out"), TestCase("moving-average", Category = "Long"), TestCase("critic", Category = "Long")]
    public void Per_step_reward_is_unbiased_for_its_discounted_returns(string baseline)
    {
        const double discount = 0.6;
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2, perStep: true);
        var exact = Enumeration.ExactCreditGradient(generator, T, Start, End, texts =>
        {
            // R_t = Σ_{s≥t} γ^(s-t) r_s, written out for T = 3.
            var r = (2 * judge.forward(texts).Logits.sigmoid() - 1) * texts.Mask;
            var (r0, r1, r2) = (r.select(1, 0), r.select(1, 1), r.select(1, 2));
            return -stack([r0 + discount * r1 + discount * discount * r2, r1 + discount * r2, r2], 1);
        });
        using var estimator = new PolicyGradientUpdate(
            new SignedProbabilityReward(), new StepCredit(discount), new AdvantageCombination([BaselineOf(baseline)]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        AssertUnbiased(Measure(estimator, generator, JudgeOf(judge), 2000), exact);
    }

    [Test]
    public void Undiscounted_step_rewards_give_the_gradient_of_their_expected_sum()
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2, perStep: true);
        // r_s of a judge that looks back only: past rewards add nothing on average, so credit from t on is the full gradient.
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => -(judge.forward(texts).Logits * texts.Mask).sum(1));
        using var estimator = new PolicyGradientUpdate(
            new LogitReward(), new StepCredit(1), new AdvantageCombination([new LeaveOneOutBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        AssertUnbiased(Measure(estimator, generator, JudgeOf(judge), 2000), exact);
    }

    [Test]
    public void A_biased_estimate_does_not_pass()
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => -judge.forward(texts).SequenceLogits());
        using var estimator = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([new OwnRewardBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        Assert.That(Measure(estimator, generator, JudgeOf(judge), 2000).MeanSquareError(exact), Is.GreaterThan(5));
    }

    /// <summary>The fault the check is for: a baseline that depends on the sample it is subtracted from.</summary>
    sealed class OwnRewardBaseline : Baseline
    {
        public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden) => 0.5 * credit.Returns;
    }

    [Test]
    public void Baselines_lower_the_variance()
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2); // its mean reward is far from 0
        double Variance(string baseline)
        {
            using var estimator = new PolicyGradientUpdate(
                new LogitReward(), new SequenceCredit(), new AdvantageCombination([BaselineOf(baseline)]), new ReinforceLoss(),
                new RolloutCollector(new SamplingOptions(), null));
            return Measure(estimator, generator, JudgeOf(judge), 400).TotalVariance;
        }
        var none = Variance("none");
        Assert.That(Variance("leave-one-out"), Is.LessThan(0.8 * none));
        Assert.That(Variance("moving-average"), Is.LessThan(0.8 * none));
        Assert.That(Variance("critic"), Is.LessThan(none));
    }

    [TestCase(Relaxation.StraightThrough, 1.0)]
    [TestCase(Relaxation.StraightThrough, 0.3)]
    [TestCase(Relaxation.Relaxed, 1.0)]
    [TestCase(Relaxation.Relaxed, 0.3)]
    public void Bias_of_Gumbel_softmax_is_measured(Relaxation relaxation, double temperature)
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts =>
            nn.functional.softplus(-judge.forward(texts).SequenceLogits()));
        using var estimator = new PathwiseUpdate(relaxation, new ConstantScheduleOptions { Value = temperature });
        var statistics = Measure(estimator, generator, JudgeOf(judge), 2000);
        TestContext.Out.WriteLine(
            $"{relaxation}, temperature {temperature}: ‖bias‖/‖exact‖ = {statistics.RelativeBias(exact):F2}, cosine with the exact " +
            $"gradient {statistics.Cosine(exact):F2}, " +
            $"variance {statistics.TotalVariance:G3}");
        Assert.That(statistics.MeanSquareError(exact), Is.GreaterThan(3), "the bias of a relaxation is real and must show");
        Assert.That(statistics.Cosine(exact), Is.GreaterThan(0.3), "it still points the right way");
    }

    [Test]
    public void Relaxed_gradient_equals_finite_differences_at_fixed_noise()
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        // Without an end token: the draw of the end is a discrete choice that no derivative sees.
        var request = new RolloutRequest(generator, [JudgeOf(judge)], 64, T, Start, null, 0, 1, NeedsLogits: false);
        using var estimator = new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 1 });
        double Loss()
        {
            using var scope = NewDisposeScope();
            manual_seed(5);
            return estimator.Estimate(request).Terms[0].Value.item<float>();
        }
        manual_seed(5);
        using var outer = NewDisposeScope();
        var gradient = Enumeration.GradientOf(estimator.Estimate(request).Terms[0].Surrogate(), generator);
        const float step = 0.02f;
        for (var i = 0; i < V * V; i++)
        {
            var (row, column) = (i / V, i % V);
            void Shift(float by)
            {
                using var _ = no_grad();
                generator.Table[row, column] += by;
            }
            Shift(step);
            var up = Loss();
            Shift(-2 * step);
            var down = Loss();
            Shift(step);
            Assert.That(gradient[i], Is.EqualTo((up - down) / (2 * step)).Within(2e-3), $"coordinate {row},{column}");
        }
    }

    [TestCase(Relaxation.StraightThrough)]
    [TestCase(Relaxation.Relaxed)]
    public void Drawn_tokens_follow_the_model_and_rows_end(Relaxation relaxation)
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var estimator = new PathwiseUpdate(relaxation, new ConstantScheduleOptions { Value = 0.7 });
        manual_seed(3);
        const int n = 20_000;
        var request = new RolloutRequest(generator, [], n, T, Start, End, 0, 1, NeedsLogits: false);
        var batch = estimator.Estimate(request).Generated;
        Assert.That(batch.Logits, Is.Null, "logits after relaxed tokens are not those of the texts");
        Assert.That((batch.Tokens.Relaxed!.sum(-1) - 1).abs().max().item<float>(), Is.LessThan(1e-5));
        // First token: counts against n·p by chi-square with V - 1 = 3 degrees of freedom; 16.3 is its 0.1% point.
        var p = generator.Table[Start].softmax(0).to_type(float64).data<double>().ToArray();
        var counts = batch.Tokens.Ids.select(1, 0).bincount(null, minlength: V).data<long>().ToArray();
        var chiSquare = counts.Zip(p, (c, q) => (c - n * q) * (c - n * q) / (n * q)).Sum();
        Assert.That(chiSquare, Is.LessThan(16.3));
        // After the end: end tokens, one-hot, mask 0.
        var after = batch.Tokens.Mask.eq(0); // [B,T]
        Assert.That(batch.Tokens.Ids.masked_select(after).ne(End).sum().item<long>(), Is.Zero);
        Assert.That((batch.Tokens.Relaxed!.select(2, End).masked_select(after) - 1).abs().max().item<float>(), Is.Zero);
        if (relaxation == Relaxation.StraightThrough)
            Assert.That((batch.Tokens.Relaxed! - nn.functional.one_hot(batch.Tokens.Ids, V)).abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Constant_reward_has_no_gradient_with_leave_one_out()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var estimator = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([new LeaveOneOutBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        var constant = new Judge(
            "constant", new TextGan.Discriminators.ConstantDiscriminator(0.7), new NonSaturatingLoss(), CPU, null, _ =>
                throw new InvalidOperationException());
        var gradient = Enumeration.GradientOf(estimator.Estimate(Request(generator, constant)).Terms[0].Surrogate(), generator);
        Assert.That(gradient, Is.All.EqualTo(0).Within(1e-6));
    }

    [Test]
    public void Normalising_the_signal_divides_the_gradient_by_its_deviation()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var estimator = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([new LeaveOneOutBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        double[] Gradient(SignalNormalizer? normalizer, out Estimate estimate)
        {
            manual_seed(4);
            estimate = estimator.Estimate(Request(generator, JudgeOf(judge, normalizer)));
            return Enumeration.GradientOf(estimate.Terms[0].Surrogate(), generator);
        }
        var plain = Gradient(null, out var first);
        using var normalizer = new SignalNormalizer(0.9);
        var normalized = Gradient(normalizer, out var second);
        var rewards = judge.forward(first.Generated.Tokens).SequenceLogits();
        var deviation = (rewards - rewards.mean()).square().mean().sqrt().item<float>();
        for (var i = 0; i < plain.Length; i++) Assert.That(normalized[i] * deviation, Is.EqualTo(plain[i]).Within(1e-4));
        Assert.That(second.Terms[0].Value.item<float>(), Is.EqualTo(0).Within(1e-5), "the first batch is normalised by its own statistics");
    }
}
