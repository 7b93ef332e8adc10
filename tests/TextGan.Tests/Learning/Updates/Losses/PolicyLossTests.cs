using TextGan.Learning.Updates.Losses;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates.Losses;

/// <summary>Two texts of two tokens with the ratios 2, 0.5, 1.1 and 0.9 and the advantages 1, -1, 3 and -2; by hand.</summary>
public sealed class PolicyLossTests
{
    static readonly double[] Ratios = [2, 0.5, 1.1, 0.9], Advantages = [1, -1, 3, -2];

    static (double Value, double[] Gradient) Of(PolicyLoss loss)
    {
        using var scope = NewDisposeScope();
        var old = tensor(new[] { -0.5, -1, -1.5, -2 }).view(2, 2);
        var now = (old + tensor(Ratios).view(2, 2).log()).detach().requires_grad_(true);
        var value = loss.Of(new PolicyBatch(now, old, tensor(Advantages).view(2, 2), ones(2, 2, float64)));
        value.backward();
        return (value.item<double>(), now.grad!.flatten().data<double>().ToArray());
    }

    [Test]
    public void Reinforce()
    {
        var (value, gradient) = Of(new ReinforceLoss());
        var logs = new[] { -0.5 + Math.Log(2), -1 + Math.Log(0.5), -1.5 + Math.Log(1.1), -2 + Math.Log(0.9) };
        Assert.That(value, Is.EqualTo(-(logs[0] - logs[1] + 3 * logs[2] - 2 * logs[3]) / 2).Within(1e-12));
        Assert.That(gradient, Is.EqualTo(new[] { -0.5, 0.5, -1.5, 1 }).Within(1e-12)); // -A/B
    }

    [Test]
    public void Importance_weighted()
    {
        var (value, gradient) = Of(new ImportanceWeightedLoss());
        Assert.That(value, Is.EqualTo(-(2 - 0.5 + 3.3 - 1.8) / 2).Within(1e-12));
        Assert.That(gradient, Is.EqualTo(new[] { -1, 0.25, -1.65, 0.9 }).Within(1e-12)); // -ρA/B
    }

    /// <summary>The probabilities are the ratios times the old ones.</summary>
    [Test]
    public void Probability()
    {
        var (value, gradient) = Of(new ProbabilityLoss());
        double[] p = [2 * Math.Exp(-0.5), 0.5 * Math.Exp(-1), 1.1 * Math.Exp(-1.5), 0.9 * Math.Exp(-2)];
        Assert.That(value, Is.EqualTo(-(p[0] - p[1] + 3 * p[2] - 2 * p[3]) / 2).Within(1e-12));
        Assert.That(gradient, Is.EqualTo(new[] { -p[0] / 2, p[1] / 2, -1.5 * p[2], p[3] }).Within(1e-12)); // -pA/B
    }

    /// <summary>
    /// The expected gradient of SentiGAN's penalty, Σ_x p(x) V(x) ∇p(x), is 0 where p is proportional to 1/V, not where p is on the least
    /// penalty: with penalties between ½ and 1 nothing becomes more than twice as probable as anything else.
    /// </summary>
    [Test]
    public void A_penalty_on_probabilities_ends_at_its_inverse()
    {
        using var scope = NewDisposeScope();
        var penalties = tensor(new[] { 0.5, 1, 0.8, 0.6 });
        Tensor GradientAt(Tensor probabilities)
        {
            var logits = probabilities.log().detach().requires_grad_(true);
            var logs = logits.log_softmax(0);
            // Of each text as often as it is drawn, one token a text.
            var loss = 4 * new ProbabilityLoss().Of(new PolicyBatch(
                logs.unsqueeze(1), logs.detach().unsqueeze(1), (-penalties * probabilities).unsqueeze(1), ones(4, 1, float64)));
            loss.backward();
            return logits.grad!;
        }
        Assert.That(GradientAt(1 / penalties / (1 / penalties).sum()).abs().max().item<double>(), Is.Zero.Within(1e-15));
        Assert.That(GradientAt(full(4, 0.25, float64)).abs().max().item<double>(), Is.GreaterThan(0.001));
    }

    /// <summary>ε = 0.2: min(2, 1.2) = 1.2 and min(-0.5, -0.8) = -0.8 are clipped and have no gradient; 3.3 and -1.8 are not.</summary>
    [Test]
    public void Clipped()
    {
        var (value, gradient) = Of(new ClippedLoss(0.2));
        Assert.That(value, Is.EqualTo(-(1.2 - 0.8 + 3.3 - 1.8) / 2).Within(1e-12));
        Assert.That(gradient, Is.EqualTo(new[] { 0, 0, -1.65, 0.9 }).Within(1e-12));
    }

    /// <summary>
    /// Ratios s = √(2·0.5) = 1, √(1.1·0.9) = √0.99 and, of two tokens that count of three, √(1.5·1.5) = 1.5; range [1 - 0.1, 1 + 0.2].
    /// With A = 1, -2 and 3: s A = 1, -2√0.99 and 3·1.2 (clipped). ds/dlog p = s/2. With A = -3, min(-4.5, -3.6) is not clipped.
    /// </summary>
    [TestCase(3, 3.6, 0)]
    [TestCase(-3, -4.5, 0.75)]
    public void Gspo(double advantage, double third, double slope)
    {
        using var scope = NewDisposeScope();
        var response = tensor(new double[] { 1, 1, 0, 1, 1, 0, 1, 1, 0 }).view(3, 3);
        var old = full(3, 3, -2, float64);
        var now = (old + tensor(new[] { 2, 0.5, 7, 1.1, 0.9, 7, 1.5, 1.5, 7 }).view(3, 3).log()).detach().requires_grad_(true);
        var advantages = tensor(new[] { 1, -2, advantage }).unsqueeze(1) * response;
        var value = new GspoLoss(0.1, 0.2).Of(new PolicyBatch(now, old, advantages, response));
        value.backward();
        var root = Math.Sqrt(0.99);
        Assert.That(value.item<double>(), Is.EqualTo(-(1 - 2 * root + third) / 3).Within(1e-12));
        double[] expected = [-0.5 / 3, -0.5 / 3, 0, root / 3, root / 3, 0, -advantage * slope / 3, -advantage * slope / 3, 0];
        Assert.That(now.grad!.flatten().data<double>().ToArray(), Is.EqualTo(expected).Within(1e-12));
    }

    /// <summary>
    /// Three tokens of the first text and one of the second have the terms ρA = 2, -0.5, 3.3 and -1.8: (4.8/3 - 1.8)/2 by text,
    /// (4.8 - 1.8)/4 by tokens, (4.8 - 1.8)/2 without.
    /// </summary>
    [TestCase(LengthNormalization.None, 1.5)]
    [TestCase(LengthNormalization.Text, -0.1)]
    [TestCase(LengthNormalization.Tokens, 0.75)]
    public void Length_normalisation(LengthNormalization normalization, double mean)
    {
        using var scope = NewDisposeScope();
        var response = tensor(new double[] { 1, 1, 1, 1, 0, 0 }).view(2, 3);
        var old = full(2, 3, -2, float64);
        var now = old + tensor(new[] { 2, 0.5, 1.1, 0.9, 7, 7 }).view(2, 3).log();
        var batch = new PolicyBatch(now, old, tensor(new double[] { 1, -1, 3, -2, 0, 0 }).view(2, 3), response);
        Assert.That(new ImportanceWeightedLoss(normalization).Of(batch).item<double>(), Is.EqualTo(-mean).Within(1e-12));
        Assert.That(new ClippedLoss(1, normalization).Of(batch).item<double>(), Is.EqualTo(-mean).Within(1e-12), "a range of 0 to 2");
        var expected = normalization switch
        {
            LengthNormalization.None => new[] { -0.5, 0.5, -1.5, 1, 0, 0 }, // -A/2
            LengthNormalization.Text => [-1 / 6.0, 1 / 6.0, -0.5, 1, 0, 0],
            _ => [-0.25, 0.25, -0.75, 0.5, 0, 0],
        };
        var logs = now.detach().requires_grad_(true);
        new ReinforceLoss(normalization).Of(batch with { LogProbabilities = logs }).backward();
        Assert.That(logs.grad!.flatten().data<double>().ToArray(), Is.EqualTo(expected).Within(1e-12));
    }

    /// <summary>Of the ratios the first two are outside of 1 ± 0.2 and clipped; with the opposite advantages they are not.</summary>
    [TestCase(1, 0.5)]
    [TestCase(-1, 0)]
    public void Clipped_share(double sign, double share)
    {
        using var scope = NewDisposeScope();
        var old = tensor(new[] { -0.5, -1, -1.5, -2 }).view(2, 2);
        var batch = new PolicyBatch(old + tensor(Ratios).view(2, 2).log(), old, tensor(Advantages).view(2, 2) * sign, ones(2, 2, float64));
        double Share(PolicyLoss loss) => loss.ClippedShare(batch)!.to_type(float64).item<double>();
        Assert.That(Share(new ClippedLoss(0.2)), Is.EqualTo(share));
        Assert.That(new ReinforceLoss().ClippedShare(batch), Is.Null);
        // Of texts: ratios 1 and √0.99, mean advantages 0 and 0.5, then 0 and -0.5: the second is clipped below 1 - 0.001 in the latter.
        Assert.That(Share(new GspoLoss(1e-3, 1e-3)), Is.EqualTo(sign > 0 ? 0 : 0.5));
    }
}
