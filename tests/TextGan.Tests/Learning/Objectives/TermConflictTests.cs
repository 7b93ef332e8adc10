using TextGan.Learning.Objectives.Combiners;
using TorchSharp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives;

/// <summary>Terms with gradients that are known: c·x + d·y has the gradient (c,d).</summary>
public sealed class TermConflictTests : IDisposable
{
    readonly Parameter x = new(tensor(new[] { 1f })), y = new(tensor(new[] { 2f }));

    [TearDown]
    public void Clear() => (x.grad, y.grad) = (null, null);

    public void Dispose()
    {
        x.Dispose();
        y.Dispose();
    }

    Tensor Linear(float c, float d) => (c * x + d * y).sum();

    Term Of(string name, float c, float d, Func<long, long, Tensor>? part = null) =>
        new(name, () => Linear(c, d), tensor(0f)) { Part = part };

    /// <summary>What is logged with fixed weights, and what is said to be missing.</summary>
    (IReadOnlyDictionary<string, double> Values, IReadOnlyList<string> Missing) Measure(
        double[] weights, Term[] terms, long rows = 4, int groupSize = 1)
    {
        using var scope = NewDisposeScope();
        var gradients = new TermGradients(terms, [x, y]);
        var conflict = new TermConflict(gradients, rows, groupSize);
        new FixedCombiner(terms.Zip(weights).ToDictionary(pair => pair.First.Name, pair => pair.Second)).Combine(gradients, 0);
        return (conflict.Values(weights), conflict.Missing);
    }

    /// <summary>Angles that are known by hand; a negative weight turns a gradient round, a larger one leaves the angle.</summary>
    [TestCase(1, 0, -2, 0, 1, -1)]
    [TestCase(1, 0, 0, 3, 1, 0)]
    [TestCase(1, 0, 3, 4, 1, 0.6)]
    [TestCase(1, 0, 3, 4, 7, 0.6)]
    [TestCase(1, 0, 3, 4, -7, -0.6)]
    [TestCase(1e-9f, 0, -1e-9f, 0, 1, -1)]
    public void Cosines_are_those_of_the_weighted_gradients(float a, float b, float c, float d, double weight, double cosine)
    {
        var (values, _) = Measure([1, weight], [Of("one", a, b), Of("two", c, d)]);
        Assert.That(values["conflict/one/two/cosine"], Is.EqualTo(cosine).Within(1e-6));
        Assert.That(values.Keys, Has.None.EqualTo("conflict/two/one/cosine"));
    }

    /// <summary>(3,0) + 2·(-1,0) + ½·(0,4) = (1,2): shares 3/5, -2/5 and 4/5.</summary>
    [Test]
    public void Shares_are_projections_and_sum_to_1()
    {
        var (values, _) = Measure([1, 2, 0.5], [Of("a", 3, 0), Of("b", -1, 0), Of("c", 0, 4)]);
        double[] Each(string end) => [.. new[] { "a", "b", "c" }.Select(name => values[$"conflict/{name}/{end}"])];
        Assert.That(Each("share"), Is.EqualTo(new[] { 0.6, -0.4, 0.8 }).Within(1e-6));
        Assert.That(Each("norm"), Is.EqualTo(new double[] { 3, 2, 2 }).Within(1e-6));
        Assert.That(values.Keys, Is.EquivalentTo(new[]
        {
            "conflict/a/norm", "conflict/a/share", "conflict/a/b/cosine", "conflict/a/c/cosine", "conflict/b/norm", "conflict/b/share",
            "conflict/b/c/cosine", "conflict/c/norm", "conflict/c/share",
        }));
    }

    /// <summary>A control has no graph, and a weight of 0 makes a gradient of 0: no cosine, and a share of 0.</summary>
    [Test]
    public void Cosines_with_a_gradient_of_0_are_missing()
    {
        var constant = tensor(3f);
        var (values, missing) = Measure([1, 0, 1], [Of("a", 3, 0), Of("off", 1, 1), new Term("control", () => constant, constant)]);
        Assert.That(values.Keys.Where(name => name.EndsWith("cosine")), Is.Empty);
        Assert.That(values["conflict/control/share"], Is.Zero);
        Assert.That(values["conflict/a/share"], Is.EqualTo(1).Within(1e-6));
        Assert.That(missing, Does.Contain(
            "the weighted gradient of the term 'control' is 0 in some iterations, so that its cosines are missing there")
            .And.Contain("the weighted gradient of the term 'off' is 0 in some iterations, so that its cosines are missing there")
            .And.Contain("the term 'a' cannot be computed over half of a batch, so that conflict/a/halves is missing"));
    }

    [Test]
    public void Nothing_that_is_not_finite_is_logged()
    {
        var (values, _) = Measure([1, 1], [Of("a", 0, 0), Of("b", 0, 0)]);
        Assert.That(values, Is.EqualTo(new Dictionary<string, double> { ["conflict/a/norm"] = 0, ["conflict/b/norm"] = 0 }));
        (values, _) = Measure([1, 1], [Of("a", float.NaN, 0), Of("b", 1, 0)]);
        Assert.That(values, Is.EqualTo(new Dictionary<string, double> { ["conflict/b/norm"] = 1 }));
    }

    /// <summary>
    /// A term that is the mean of c_i·x + d_i·y over rows; the first half of 5 rows are 2, of 10 in groups of 4 the first 4.
    /// </summary>
    [TestCase(4, 1, 2, 2)]
    [TestCase(5, 1, 2, 3)]
    [TestCase(10, 4, 4, 6)]
    [TestCase(8, 4, 4, 4)]
    public void Halves_have_whole_groups(int rows, int groupSize, int first, int second)
    {
        var asked = new List<(long, long)>();
        var (values, missing) = Measure([1], [Of("a", 1, 0, (from, count) =>
        {
            asked.Add((from, count));
            return from == 0 ? Linear(2, 0) : Linear(3, 4);
        })], rows, groupSize);
        Assert.That(asked, Is.EqualTo(new[] { (0L, (long)first), (first, second) }));
        Assert.That(values["conflict/a/halves"], Is.EqualTo(0.6).Within(1e-6));
        Assert.That(missing, Is.Empty);
    }

    [TestCase(1, 1)]
    [TestCase(7, 4)]
    public void One_group_has_no_halves(int rows, int groupSize)
    {
        var (values, missing) = Measure([1], [Of("a", 1, 0, (_, _) => throw new InvalidOperationException())], rows, groupSize);
        Assert.That(values.Keys, Is.EqualTo(new[] { "conflict/a/norm", "conflict/a/share" }));
        Assert.That(missing, Has.Count.EqualTo(1));
    }

    [Test]
    public void Equal_halves_have_the_cosine_1()
    {
        var (values, _) = Measure([0.5], [Of("a", 1, 0, (_, count) => Linear(0.3f * count, -0.7f * count))]);
        Assert.That(values["conflict/a/halves"], Is.EqualTo(1).Within(1e-6));
    }

    /// <summary>a = (1,0) and b = (-1,1) become (½,½) and (0,1): g = (½,3/2), of which a is ½/(5/2) and b (-½+3/2)/(5/2).</summary>
    [Test]
    public void A_combiner_of_gradients_takes_the_same_rows()
    {
        using var scope = NewDisposeScope();
        var asked = 0;
        Term[] terms = [.. new[] { Of("a", 1, 0), Of("b", -1, 1) }.Select(term => term with { Surrogate = () =>
        {
            asked++;
            return term.Surrogate();
        } })];
        var gradients = new TermGradients(terms, [x, y]);
        var conflict = new TermConflict(gradients, 4, 1);
        var weights = new PcGradCombiner(new Dictionary<string, double> { ["a"] = 1, ["b"] = 1 }).Combine(gradients, 0);
        Assert.That((x.grad!.item<float>(), y.grad!.item<float>(), asked), Is.EqualTo((0.5f, 1.5f, 2)));
        var values = conflict.Values(weights);
        Assert.That(values["conflict/a/b/cosine"], Is.EqualTo(-Math.Sqrt(0.5)).Within(1e-6));
        Assert.That(values["conflict/a/share"], Is.EqualTo(0.2).Within(1e-6));
        Assert.That(values["conflict/b/share"], Is.EqualTo(0.4).Within(1e-6));
    }
}
