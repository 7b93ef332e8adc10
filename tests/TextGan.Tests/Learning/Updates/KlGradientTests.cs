using TextGan.Discriminators.Losses;
using TextGan.Generators.Sampling;
using TextGan.Generators;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Updates.Losses;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

/// <summary>
/// Gradients of the KL to a reference, in the reward and as a loss, against those of the divergences that they claim to lower: expectations
/// by enumeration of all texts (V=4, T=3), without sampling.
/// </summary>
public sealed class KlGradientTests : IDisposable
{
    const int V = 4, T = 3, Start = 0, End = 0;

    readonly DisposeScope scope = NewDisposeScope();
    readonly BigramGenerator generator = new(V, 1), reference = new(V, 7);
    readonly TextBatch texts = new(Enumeration.AllTexts(V, T, End), End); // [N,T]

    public void Dispose()
    {
        generator.Dispose();
        reference.Dispose();
        scope.Dispose();
    }

    RolloutRequest Request(int batch = 16, params Judge[] judges) =>
        new(generator, judges, batch, T, Start, End, 0, 1, NeedsLogits: true) { Reference = reference };

    Tensor Logs(BigramGenerator of) => TeacherForcing.LogProbabilities(of, texts.Ids, Start) * texts.Mask; // [N,T]

    /// <summary>∇ Σ_x p(x) log(p(x)/ref(x)).</summary>
    double[] OfWholeTexts()
    {
        var logs = Logs(generator).sum(1); // [N]
        return Enumeration.GradientOf((logs.exp() * (logs - Logs(reference).sum(1).detach())).sum(), generator);
    }

    /// <summary>The gradient with prefixes held fixed: Σ_x p(x) Σ_t ∇KL at x_&lt;t, of the divergence one way or the other.</summary>
    double[] AtFixedPrefixes(bool otherWay)
    {
        var weights = Logs(generator).sum(1).exp().detach(); // [N]
        Tensor Next(BigramGenerator of) => of.forward(TeacherForcing.Inputs(texts.Ids, Start)).log_softmax(-1); // [N,T,V]
        var (p, q) = (Next(generator), Next(reference).detach());
        var divergence = (otherWay ? q.exp() * (q - p) : p.exp() * (p - q)).sum(-1); // [N,T]
        return Enumeration.GradientOf((weights.unsqueeze(1) * divergence * texts.Mask).sum(), generator);
    }

    Tensor Returns(KlRewardEstimator estimator, double discount = 1)
    {
        var request = Request((int)texts.Batch);
        var own = GeneratorPass.Over(request, texts);
        return new KlReward(estimator, discount).Of(request, texts, own, TeacherForcing.LogProbabilities(reference, texts.Ids, Start))
            .Returns;
    }

    [Test]
    public void A_reward_has_the_gradient_of_the_divergence_of_whole_texts([Values] KlRewardEstimator estimator)
    {
        var expected = Enumeration.ExactCreditGradient(generator, T, Start, End, _ => -Returns(estimator));
        Assert.That(expected, Is.EqualTo(OfWholeTexts()).Within(1e-5));
        Assert.That(expected, Is.Not.EqualTo(AtFixedPrefixes(false)).Within(1e-2), "later tokens count, too");
    }

    /// <summary>With γ = 0 a token has its own divergence alone, which is that of fixed prefixes.</summary>
    [Test]
    public void A_discount_of_0_credits_the_token_alone([Values] KlRewardEstimator estimator)
    {
        var expected = Enumeration.ExactCreditGradient(generator, T, Start, End, _ => -Returns(estimator, 0));
        Assert.That(expected, Is.EqualTo(AtFixedPrefixes(false)).Within(1e-5));
    }

    /// <summary>Why the reward has no k3: the same sum with k3 has another gradient.</summary>
    [Test]
    public void K3_in_the_reward_would_not_pass()
    {
        var k3 = Divergence.K3(Logs(generator).detach(), Logs(reference).detach()); // [N,T]
        var gradient = Enumeration.ExactCreditGradient(generator, T, Start, End, _ => k3.flip(1).cumsum(1).flip(1));
        Assert.That(gradient, Is.Not.EqualTo(OfWholeTexts()).Within(1e-2));
    }

    /// <summary>Σ_x p(x) times the gradient of the loss of the text x.</summary>
    double[] ExpectedLossGradient(KlLossEstimator estimator)
    {
        var kl = new KlRegularizer(generator, reference, Start, estimator, LengthNormalization.None);
        var probabilities = Logs(generator).sum(1).exp().detach().data<float>().ToArray();
        var expected = new double[V * V];
        for (var i = 0; i < probabilities.Length; i++)
        {
            var one = kl.TermOf(new GeneratedBatch(texts.Rows(i, 1), null));
            var gradient = Enumeration.GradientOf(one.Surrogate(), generator);
            for (var j = 0; j < gradient.Length; j++) expected[j] += probabilities[i] * gradient[j];
        }
        return expected;
    }

    [Test]
    public void A_loss_has_the_gradient_that_its_estimator_claims([Values] KlLossEstimator estimator)
    {
        var expected = ExpectedLossGradient(estimator);
        var other = estimator == KlLossEstimator.K3;
        Assert.That(expected, Is.EqualTo(AtFixedPrefixes(other)).Within(1e-5));
        Assert.That(expected, Is.Not.EqualTo(AtFixedPrefixes(!other)).Within(1e-2));
    }

    /// <summary>Why there is no k1: its expected gradient as a loss is 0.</summary>
    [Test]
    public void K1_as_a_loss_would_do_nothing()
    {
        var logs = Logs(generator);
        var k1 = (logs.sum(1).exp().detach().unsqueeze(1) * (logs - Logs(reference).detach())).sum();
        Assert.That(Enumeration.GradientOf(k1, generator), Is.All.EqualTo(0).Within(1e-6));
    }

    /// <summary>All estimates have the mean that the divergence has: Σ_x p(x) Σ_t of each.</summary>
    [Test]
    public void Estimates_are_unbiased_but_for_k2()
    {
        var (p, own, other) = (Logs(generator).sum(1).exp().unsqueeze(1), Logs(generator), Logs(reference));
        var exact = (own.sum(1).exp() * (own - other).sum(1)).sum().item<float>();
        Assert.That((p * Divergence.K3(own, other)).sum().item<float>(), Is.EqualTo(exact).Within(1e-5));
        Assert.That((p * Divergence.K2(own, other)).sum().item<float>(), Is.Not.EqualTo(exact).Within(1e-2));
        var exactly = Divergence.Exact(generator.forward(TeacherForcing.Inputs(texts.Ids, Start)),
            reference.forward(TeacherForcing.Inputs(texts.Ids, Start)));
        Assert.That((p * exactly * texts.Mask).sum().item<float>(), Is.EqualTo(exact).Within(1e-5));
    }

    static Baseline BaselineOf(string kind) => kind switch
    {
        "none" => new NoBaseline(),
        "leave-one-out" => new LeaveOneOutBaseline(),
        _ => new CriticBaseline(V, 8, new TextGan.Optimizers.AdamOptions(), CPU),
    };

    /// <summary>The whole update: -E[r] + β KL of whole texts, in groups, with each baseline (RLOO with "leave-one-out").</summary>
    [TestCase("none"), TestCase("leave-one-out"), TestCase("critic", Category = "Long")]
    public void An_update_with_a_kl_in_the_reward_is_unbiased(string baseline)
    {
        const double β = 0.7;
        using var judge = new TableDiscriminator(T, V, 2);
        var exact = Enumeration.ExactGradient(generator, T, Start, End, all => -judge.forward(all).SequenceLogits())
            .Zip(OfWholeTexts(), (reward, kl) => reward + β * kl).ToArray();
        using var update = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([BaselineOf(baseline), BaselineOf(baseline)]),
            new ClippedLoss(0.2), new RolloutCollector(new SamplingOptions(), 4), kl: new KlReward(KlRewardEstimator.K1));
        var statistics = new GradientStatistics(V * V);
        for (var i = 0; i < 2000; i++)
        {
            using var _ = NewDisposeScope();
            manual_seed(1000 + i);
            var estimate = update.Estimate(Request(judges: new Judge("judge", judge, new NonSaturatingLoss(), CPU, null, _ =>
                throw new InvalidOperationException())));
            Assert.That(estimate.Terms.Select(term => term.Name), Is.EqualTo(new[] { "judge", "kl" }));
            statistics.Add(Enumeration.GradientOf(estimate.Together!([1, β]), generator));
        }
        Assert.That(statistics.MeanSquareError(exact), Is.LessThan(2.4)); // see EstimatorBiasTests
        Assert.That(statistics.LargestDeviation(exact), Is.LessThan(3.5));
        var without = Enumeration.ExactGradient(generator, T, Start, End, all => -judge.forward(all).SequenceLogits());
        Assert.That(statistics.MeanSquareError(without), Is.GreaterThan(5), "a gradient without the KL does not pass");
    }

    /// <summary>Rewards 0 and 2 have the mean 1 and deviation 1 and become -1 and 1; 0.1 times the KL's return is added.</summary>
    [Test]
    public void Normalisation_leaves_the_kl_as_it_is()
    {
        using var combination = new AdvantageCombination([new NoBaseline()],
            new NormalizationOptions { Statistics = NormalizationStatistics.Batch }.Build());
        using var judge = new TableDiscriminator(T, V, 2);
        var response = ones(2, 2);
        var rewards = tensor(new[] { 0f, 2 });
        var credit = new TokenCredit(rewards.unsqueeze(1).expand(2, 2), rewards, null);
        var signal = combination.Of(0, new Judge("judge", judge, new NonSaturatingLoss(), CPU, null, _ =>
            throw new InvalidOperationException()), credit, response, response);
        var kl = combination.OfKl(1, new TokenCredit(tensor(new[] { 3f, 1, -2, 5 }).view(2, 2), zeros(2), response), response, response);
        var advantages = combination.Together([signal], credit, response, response, kl)([1, 0.1]);
        Assert.That(advantages.flatten().data<float>().ToArray(), Is.EqualTo(new[] { -0.7f, -0.9f, 0.8f, 1.5f }).Within(1e-6));
    }

    /// <summary>Rows "1 | 2 end" and "1 2 | 3" of a prompt and its response: tokens of the prompt have no return.</summary>
    [Test]
    public void Prompts_have_no_kl([Values] KlRewardEstimator estimator)
    {
        var ids = tensor(new long[] { 1, 2, 0, 1, 2, 3 }).view(2, 3);
        var batch = new TextBatch(ids, End, promptLengths: tensor(new long[] { 1, 2 }));
        var request = Request(2);
        var credit = new KlReward(estimator).Of(request, batch, GeneratorPass.Over(request, batch),
            TeacherForcing.LogProbabilities(reference, ids, Start));
        var returns = credit.Returns.data<float>().ToArray();
        Assert.That(new[] { returns[0], returns[3], returns[4] }, Is.All.Zero);
        Assert.That(credit.Counted!.eq(batch.Response).all().item<bool>());
        double LogRatio(int row, int t)
        {
            var (before, token) = (ids[row, t - 1].item<long>(), ids[row, t].item<long>());
            double Log(BigramGenerator of) => of.Table[before].log_softmax(0)[token].item<float>();
            return Log(reference) - Log(generator);
        }
        Assert.That(returns[5], Is.EqualTo(LogRatio(1, 2)).Within(1e-6));
        if (estimator == KlRewardEstimator.K1) Assert.That(returns[1], Is.EqualTo(LogRatio(0, 1) + LogRatio(0, 2)).Within(1e-6));
    }
}
