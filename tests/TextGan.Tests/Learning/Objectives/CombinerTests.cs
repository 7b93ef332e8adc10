using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives;
using TextGan.Schedules;
using TorchSharp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives;

public class CombinerTests
{
    /// <summary>L_a = 3x², L_b = x·y at x=1, y=2: gradients (6,0) and (2,1).</summary>
    static (Parameter X, Parameter Y, TermGradients Terms) Example()
    {
        Parameter x = new(tensor(new[] { 1f })), y = new(tensor(new[] { 2f }));
        var a = 3 * x.square().sum();
        var b = (x * y).sum();
        return (x, y, new TermGradients([new Term("a", a, a.detach()), new Term("b", b, b.detach())], [x, y]));
    }

    static (float, float) Gradient(Parameter x, Parameter y) => (x.grad?.item<float>() ?? 0, y.grad?.item<float>() ?? 0);

    [Test]
    public void Fixed_is_the_weighted_sum()
    {
        var (x, y, terms) = Example();
        var weights = new FixedCombiner(new Dictionary<string, double> { ["a"] = 0.5, ["b"] = 2 }).Combine(terms, 0);
        Assert.That(weights, Is.EqualTo(new[] { 0.5, 2 }));
        Assert.That(Gradient(x, y), Is.EqualTo((7f, 2f))); // .5·6 + 2·2, 2·1
    }

    [Test]
    public void Scheduled_follows_the_step_and_keeps_configured_weights()
    {
        var combiner = new ScheduledCombiner(
            new Dictionary<string, double> { ["a"] = 0.5, ["b"] = 2 },
            new Dictionary<string, ScheduleOptions> { ["b"] = new LinearScheduleOptions { From = 0, To = 10 } }, iterations: 11);
        var (x, y, terms) = Example();
        Assert.That(combiner.Combine(terms, 5), Is.EqualTo(new[] { 0.5, 5 }));
        Assert.That(Gradient(x, y), Is.EqualTo((13f, 5f))); // .5·6 + 5·2, 5·1
    }

    [Test]
    public void Matrix_has_one_gradient_a_term_and_apply_adds_a_mixture()
    {
        var (x, y, terms) = Example();
        using var matrix = terms.Matrix(); // [2,2]
        Assert.That(matrix.flatten().data<float>().ToArray(), Is.EqualTo(new[] { 6f, 0f, 2f, 1f }));
        terms.Apply(matrix[0] * 2 + matrix[1]);
        Assert.That(Gradient(x, y), Is.EqualTo((14f, 1f)));
    }

    [Test]
    public void A_combiner_that_needs_a_gradient_a_term_fits_the_contract()
    {
        // PCGrad's projection (Yu et al., 2020) for two terms that conflict: g_a = (1,0), g_b = (-1,1).
        Parameter x = new(tensor(new[] { 1f })), y = new(tensor(new[] { 2f }));
        Tensor a = x.sum(), b = (y - x).sum();
        var terms = new TermGradients([new Term("a", a, a.detach()), new Term("b", b, b.detach())], [x, y]);
        new Projection().Combine(terms, 0);
        // a - (a·b/|b|²) b = (1,0) + .5(-1,1) = (.5,.5); b - (b·a/|a|²) a = (-1,1) + (1,0) = (0,1); their sum is (.5,1.5).
        Assert.That(Gradient(x, y), Is.EqualTo((0.5f, 1.5f)));
    }

    sealed class Projection : Combiner
    {
        public override IReadOnlyList<double> Combine(TermGradients terms, long step)
        {
            using var gradients = terms.Matrix();
            var (a, b) = (gradients[0], gradients[1]);
            var dot = a.dot(b).clamp_max(0);
            terms.Apply(a - dot / b.square().sum() * b + b - dot / a.square().sum() * a);
            return [1, 1];
        }
    }

    [Test]
    public void A_term_without_a_graph_counts_as_zero_gradient()
    {
        Parameter x = new(tensor(new[] { 1f }));
        var a = 3 * x.square().sum();
        var constant = tensor(4f);
        var terms = new TermGradients([new Term("a", a, a.detach()), new Term("control", constant, constant)], [x]);
        Assert.That(terms.Values(), Is.EqualTo(new[] { 3.0, 4.0 }));
        using var matrix = terms.Matrix();
        Assert.That(matrix[1].item<float>(), Is.Zero);
        terms.Backward([1, 1]);
        Assert.That(x.grad!.item<float>(), Is.EqualTo(6));
    }
}
