using TextGan.Optimizers;
using TextGan.Storage;
using TextGan.Tests.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Baselines;

/// <summary>Generalised advantages and the clipped value loss, written out.</summary>
public sealed class CriticBaselineTests
{
    const int H = 3, T = 4;

    /// <summary>Two texts, of 4 tokens and of a prompt token and 2 response tokens.</summary>
    static readonly float[] Mask = [1, 1, 1, 1, 0, 1, 1, 0];

    static Tensor States()
    {
        manual_seed(3);
        return randn(2, T, H);
    }

    static CriticBaseline Critic(double lambda, OptimizerOptions? optimizer = null, bool everyPass = false, double clip = 0)
    {
        manual_seed(4);
        return new CriticBaseline(H, 5, optimizer ?? new AdamOptions(), CPU, lambda, everyPass, clip);
    }

    /// <summary>
    /// Â_t = Σ_l (γλ)^l δ_{t+l} with δ_t = r_t + γ v_{t+1} - v_t, in doubles, of rewards at each token; returns are their discounted sums.
    /// </summary>
    [TestCase(1.0, 0.95)]
    [TestCase(0.8, 0.5)]
    [TestCase(0.9, 0.0)]
    [TestCase(0.9, 1.0)]
    public void Advantages_are_generalised(double discount, double lambda)
    {
        using var scope = NewDisposeScope();
        double[] rewards = [0.5, -1, 0, 2, 0, 1, -3, 0];
        var (mask, states) = (tensor(Mask).view(2, T), States());
        var returns = new double[2 * T];
        for (var i = 2 * T - 1; i >= 0; i--)
            returns[i] = rewards[i] + (i % T == T - 1 ? 0 : discount * returns[i + 1]);
        var credit = new TokenCredit(tensor(returns, float32).view(2, T), zeros(2), null) { Discount = discount };
        double[] v;
        using (var plain = Critic(1)) v = GeneratorCases.Doubles(plain.Values(credit, mask, states));
        using var critic = Critic(lambda);
        var advantages = GeneratorCases.Doubles((credit.Returns - critic.Values(credit, mask, states)) * mask);
        var expected = new double[2 * T];
        for (var row = 0; row < 2; row++)
        {
            for (var t = 0; t < T; t++)
            {
                if (Mask[row * T + t] == 0) continue;
                for (var (s, factor) = (t, 1.0); s < T && Mask[row * T + s] > 0; s++, factor *= discount * lambda)
                {
                    var i = row * T + s;
                    var next = s + 1 < T && Mask[i + 1] > 0 ? v[i + 1] : 0;
                    expected[row * T + t] += factor * (rewards[i] + discount * next - v[i]);
                }
            }
        }
        Assert.That(advantages, Is.EqualTo(expected).Within(1e-5));
    }

    /// <summary>Of the returns 1, 3 and the values v: 1 - Var(R - v)/Var(R), and the mean of (R - v)² before it learns.</summary>
    [Test]
    public void Loss_and_explained_variance_are_told()
    {
        using var scope = NewDisposeScope();
        using var critic = Critic(1);
        var (mask, states) = (tensor(new[] { 1f, 0, 0, 0, 1, 0, 0, 0 }).view(2, T), States());
        var credit = new TokenCredit(tensor(new[] { 1f, 3 }).unsqueeze(1).expand(2, T), zeros(2), null);
        var v = GeneratorCases.Doubles(critic.Values(credit, mask, states));
        var figures = critic.Figures.ToDictionary(figure => figure.Key, figure => (double)figure.Value.item<float>());
        var (first, second) = (1 - v[0], 3 - v[T]);
        Assert.That(figures["loss"], Is.EqualTo((first * first + second * second) / 2).Within(1e-5));
        Assert.That(figures["explainedVariance"], Is.EqualTo(1 - (first - second) * (first - second) / 4).Within(1e-5)); // Var(R) = 1
        critic.Values(credit with { Returns = ones(2, T) }, mask, states);
        Assert.That(critic.Figures.Single(figure => figure.Key == "explainedVariance").Value.item<float>(), Is.Zero, "equal returns");
    }

    static double[] WeightsOf(CriticBaseline critic)
    {
        var bag = new StateBag();
        critic.Save(bag); // takes the step that waits
        var weights = bag.Scope("weights");
        return [.. weights.TensorNames().Order().SelectMany(name => GeneratorCases.Doubles(weights.GetTensor(name)))];
    }

    /// <summary>
    /// Returns far above all values: the first update lifts each value by more than ε. In the next pass the clipped error, of a value held
    /// at old + ε, is the larger one and has no gradient; without clipping there is one.
    /// </summary>
    [Test]
    public void A_value_that_has_left_its_range_learns_no_more()
    {
        using var scope = NewDisposeScope();
        var (mask, states) = (tensor(Mask).view(2, T), States());
        var credit = new TokenCredit(full(2, T, 50f), zeros(2), null);
        bool Moves(double clip, bool everyPass = true)
        {
            using var critic = Critic(1, new SgdOptions { LearningRate = 0.01 }, everyPass, clip);
            critic.Values(credit, mask, states);
            var before = WeightsOf(critic);
            critic.LearnAgain(0, 2);
            return !WeightsOf(critic).SequenceEqual(before);
        }
        Assert.That(Moves(0), Is.True);
        Assert.That(Moves(1e-3), Is.False);
        Assert.That(Moves(1e3), Is.True, "a wide range");
        Assert.That(Moves(0, everyPass: false), Is.False);
    }

    /// <summary>A later pass over the second text alone is the step that a use with this text alone brings.</summary>
    [Test]
    public void A_later_pass_learns_from_its_rows()
    {
        using var scope = NewDisposeScope();
        var (mask, states) = (tensor(Mask).view(2, T), States());
        var returns = tensor(new[] { 1f, 2, 3, 4, 5, 6, 7, 8 }).view(2, T);
        using var both = Critic(1, new SgdOptions { LearningRate = 0.1 }, everyPass: true);
        both.Values(new TokenCredit(returns, zeros(2), null), mask, states);
        both.LearnAgain(1, 1);
        using var one = Critic(1, new SgdOptions { LearningRate = 0.1 });
        one.Values(new TokenCredit(returns, zeros(2), null), mask, states);
        one.Values(new TokenCredit(returns.narrow(0, 1, 1), zeros(1), null), mask.narrow(0, 1, 1), states.narrow(0, 1, 1));
        Assert.That(WeightsOf(both), Is.EqualTo(WeightsOf(one)).Within(1e-6));
    }
}
