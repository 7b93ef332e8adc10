using TextGan.Learning.Objectives.Combiners;
using TextGan.Schedules;
using TorchSharp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives.Combiners;

public class CombinerTests
{
    /// <summary>L_a = 3x², L_b = x·y at x=1, y=2: gradients (6,0) and (2,1).</summary>
    static (Parameter X, Parameter Y, TermGradients Terms) Example()
    {
        Parameter x = new(tensor(new[] { 1f })), y = new(tensor(new[] { 2f }));
        var a = 3 * x.square().sum();
        var b = (x * y).sum();
        return (x, y, new TermGradients([new Term("a", () => a, a.detach()), new Term("b", () => b, b.detach())], [x, y]));
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

    /// <summary>PCGrad's mixture of terms that have these gradients and weights.</summary>
    static (float, float) PcGrad(params (float X, float Y, double Weight)[] gradients)
    {
        using var scope = NewDisposeScope();
        Parameter x = new(tensor(new[] { 1f })), y = new(tensor(new[] { 2f }));
        Term[] terms = [.. gradients.Select((g, k) => (g.X * x + g.Y * y).sum())
            .Select((value, k) => new Term($"{k}", () => value, value.detach()))];
        var weights = gradients.Select((g, k) => (g.Weight, Name: $"{k}")).ToDictionary(term => term.Name, term => term.Weight);
        Assert.That(new PcGradCombiner(weights).Combine(new TermGradients(terms, [x, y]), 0), Is.EqualTo(gradients.Select(g => g.Weight)));
        return Gradient(x, y);
    }

    /// <summary>
    /// a = (1,0), b = (-1,1): a + ½b = (½,½), b + a = (0,1). Twice b conflicts alike: a is projected as before, 2b + 2a = (0,2).
    /// </summary>
    [TestCase(1, 0.5f, 1.5f)]
    [TestCase(2, 0.5f, 2.5f)]
    public void Pcgrad_projects_conflicting_gradients(double weight, float first, float second) =>
        Assert.That(PcGrad((1, 0, 1), (-1, 1, weight)), Is.EqualTo((first, second)));

    [Test]
    public void Pcgrad_is_the_weighted_sum_without_conflict_and_of_a_gradient_of_0() =>
        Assert.That(PcGrad((3, 1, 2), (1, 2, 0.5), (0, 0, 1), (-5, -5, 0)), Is.EqualTo((6.5f, 3f)));

    /// <summary>
    /// a = (1,0), b = (-1,1), c = (0,-1). a becomes (½,0) by b, then c, or (½,½) by c, then b; b becomes 0 in either order; c becomes
    /// (-½,-½) by a, then b, or (0,-½) by b, then a.
    /// </summary>
    [Test]
    public void Pcgrad_draws_the_order_of_the_others()
    {
        var seen = Enumerable.Range(0, 40).Select(seed =>
        {
            (float, float) Mixed()
            {
                manual_seed(seed);
                return PcGrad((1, 0, 1), (-1, 1, 1), (0, -1, 1));
            }
            var mixed = Mixed();
            Assert.That(Mixed(), Is.EqualTo(mixed), "the random state decides");
            return mixed;
        });
        Assert.That(seen.Distinct(), Is.EquivalentTo(new[] { (0f, -0.5f), (0.5f, -0.5f), (0f, 0f), (0.5f, 0f) }));
    }

    [Test]
    public void A_term_without_a_graph_counts_as_zero_gradient()
    {
        Parameter x = new(tensor(new[] { 1f }));
        var a = 3 * x.square().sum();
        var constant = tensor(4f);
        var terms = new TermGradients([new Term("a", () => a, a.detach()), new Term("control", () => constant, constant)], [x]);
        Assert.That(terms.Values(), Is.EqualTo(new[] { 3.0, 4.0 }));
        using var matrix = terms.Matrix();
        Assert.That(matrix[1].item<float>(), Is.Zero);
        terms.Backward([1, 1]);
        Assert.That(x.grad!.item<float>(), Is.EqualTo(6));
    }
}
