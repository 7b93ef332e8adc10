using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>Gradients of drawn tokens against exact ones: one token of V=4, all of whose values are summed over.</summary>
public sealed class StraightThroughTests
{
    const int V = 4;

    static Tensor Logits => tensor([0.3f, -0.7f, 1.1f, 0.0f]);

    /// <summary>A loss of the token x [V] with curvature: x·Ax + b·x, A not symmetric and no multiple of the identity.</summary>
    static Tensor Quadratic(Tensor x)
    {
        var a = tensor([0.5f, -1f, 2f, 0f, 1f, 0.3f, 0f, -2f, 0f, 1.5f, -0.4f, 1f, 0.7f, 0f, -1f, 2f]).view(V, V);
        return (x * a.matmul(x)).sum() + Linear(x);
    }

    static Tensor Linear(Tensor x) => (x * tensor([1f, -2f, 0.5f, 3f])).sum();

    /// <summary>Σ_x π_x g(x), g the gradient in the logits through a token that is drawn already: no sampling.</summary>
    static double[] Mean(Func<Tensor, Tensor, Tensor> shown, Func<Tensor, Tensor> loss) => Sum((logits, token, π) =>
        loss(shown(logits, tensor(token))) * π[token].detach());

    /// <summary>∇ Σ_x π_x f(x).</summary>
    static double[] Exact(Func<Tensor, Tensor> loss) => Sum((_, token, π) =>
        loss(nn.functional.one_hot(tensor(token), V).to_type(float32)) * π[token]);

    static double[] Sum(Func<Tensor, long, Tensor, Tensor> part)
    {
        using var scope = NewDisposeScope();
        var logits = Logits.requires_grad_();
        var π = logits.softmax(0);
        var sum = Enumerable.Range(0, V).Select(token => part(logits, token, π)).Aggregate((one, other) => one + other);
        return autograd.grad([sum], [logits])[0].to_type(float64).data<double>().ToArray();
    }

    static double Distance(double[] one, double[] other) => Math.Sqrt(one.Zip(other, (x, y) => (x - y) * (x - y)).Sum());

    [Test]
    public void ReinMax_is_exact_for_a_quadratic_loss_and_the_softmax_for_a_linear_one_alone()
    {
        static Tensor ReinMax(Tensor logits, Tensor token) => StraightThrough.ReinMax(logits, token, 1);
        static Tensor Softmax(Tensor logits, Tensor token) => StraightThrough.Softmax(logits, token, 1);
        Assert.That(Distance(Mean(ReinMax, Quadratic), Exact(Quadratic)), Is.LessThan(1e-5));
        Assert.That(Distance(Mean(ReinMax, Linear), Exact(Linear)), Is.LessThan(1e-5));
        Assert.That(Distance(Mean(Softmax, Linear), Exact(Linear)), Is.LessThan(1e-5));
        Assert.That(Distance(Mean(Softmax, Quadratic), Exact(Quadratic)), Is.GreaterThan(0.1), "it is right to first order alone");
        Assert.That(Distance(Mean((logits, token) => StraightThrough.ReinMax(logits, token, 0.5), Quadratic), Exact(Quadratic)),
            Is.GreaterThan(0.01), "another temperature is another method");
    }

    [Test]
    public void The_token_is_shown_as_it_is()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (logits, tokens) = (randn(5, 3, V) * 4, randint(0, V, [5, 3]));
        var expected = nn.functional.one_hot(tokens, V).to_type(float32);
        foreach (var shown in (Tensor[])[StraightThrough.GumbelRao(logits, tokens, 0.3, 7), StraightThrough.ReinMax(logits, tokens, 0.3),
            StraightThrough.Softmax(logits, tokens, 0.3)])
            Assert.That((shown - expected).abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Conditional_noise_draws_its_token_and_is_Gumbel_noise_on_the_whole()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        const int n = 100_000;
        var logs = Logits.log_softmax(0);
        var tokens = logs.exp().multinomial(n, replacement: true); // [n]
        var z = ConditionalGumbel.Draw(logs.expand(n, V), tokens, 2); // [2,n,V]
        Assert.That(z.argmax(-1).ne(tokens).sum().item<long>(), Is.Zero);
        // ln π + g without a condition: mean ln π + Euler's constant, variance π²/6, and independent from token to token.
        var noise = (z[0] - logs).to_type(float64);
        Assert.That((noise.mean([0L]) - 0.5772157).abs().max().item<double>(), Is.LessThan(5 * 1.2825 / Math.Sqrt(n)));
        var covariance = noise.t().cov();
        Assert.That((covariance - eye(V, dtype: float64) * (Math.PI * Math.PI / 6)).abs().max().item<double>(), Is.LessThan(0.06));
        Assert.That((z[0] - z[1]).abs().mean().item<float>(), Is.GreaterThan(0.1), "each draw has noise of its own");
        // Tokens whose probability is 0 in float32 take no part, and nothing is NaN.
        var extreme = ConditionalGumbel.Draw(tensor([0f, -200f, -1000f, float.NegativeInfinity]), tensor(0L), 5);
        Assert.That(extreme.isnan().any().item<bool>(), Is.False);
        Assert.That(extreme.argmax(-1).sum().item<long>(), Is.Zero);
    }

    [Test]
    public void Several_draws_have_the_mean_of_one_and_less_variance()
    {
        using var scope = NewDisposeScope();
        // The gradient of a loss's slope (1, -2, .5, 3) when token 2 was drawn, over many independent draws; row 0: K = 1, row 1: K = 8.
        (Tensor Mean, double Variance) Of(int draws, int n)
        {
            manual_seed(3);
            var logits = Logits.expand(n, V).clone().requires_grad_();
            var shown = StraightThrough.GumbelRao(logits, full([n], 2L, int64), 0.5, draws);
            var gradients = autograd.grad([(shown * tensor([1f, -2f, 0.5f, 3f])).sum()], [logits])[0].to_type(float64); // [n,V]
            return (gradients.mean([0L]), gradients.var(0L).sum().item<double>());
        }
        var (one, eight) = (Of(1, 100_000), Of(8, 100_000));
        Assert.That((one.Mean - eight.Mean).abs().max().item<double>(), Is.LessThan(5 * Math.Sqrt(one.Variance * 1.125 / 100_000)));
        Assert.That(one.Variance / eight.Variance, Is.EqualTo(8).Within(0.5), "independent draws: an eighth of the variance");
        Assert.That(one.Mean.abs().max().item<double>(), Is.GreaterThan(0.01));
    }
}
