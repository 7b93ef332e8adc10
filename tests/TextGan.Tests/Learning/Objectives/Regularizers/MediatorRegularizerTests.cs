using TextGan.Data;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Optimizers;
using TextGan.Storage;
using TextGan.Tests.Metrics;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives.Regularizers;

/// <summary>On bigram models: values and updates by hand, gradients by finite differences.</summary>
public sealed class MediatorRegularizerTests : IDisposable
{
    const int V = 4, T = 3, Start = 0, End = 0;

    readonly DisposeScope scope = NewDisposeScope();
    readonly BigramGenerator generator = new(V, 1);
    readonly EncodedSet data = TrainingRig.Encode(new DataSet("d", new DataSplit(["1 2 3", "2"]), DataSplit.Empty, ""),
        new TextEncoder(new NumberTokenizer(V), T));

    public void Dispose()
    {
        generator.Dispose();
        data.Dispose();
        scope.Dispose();
    }

    /// <summary>"1 3 end" and "3 3 3": the rows 0, 1, 3, then 0, 3, 3 are read, and 1, 3, 0, then 3, 3, 3 are drawn.</summary>
    static GeneratedBatch Batch(int parts = 1) =>
        new(new TextBatch(tensor(new long[,] { { 1, 3, End }, { 3, 3, 3 } }), End), null) { Parts = parts };

    static readonly (int Row, int Token)[] Written = [(0, 1), (1, 3), (3, 0), (0, 3), (3, 3), (3, 3)];

    /// <summary>Both real texts with their ends: "1 2 3" is cut at three tokens, "2 end" has two.</summary>
    static readonly (int Row, int Token)[] Real = [(0, 1), (1, 2), (2, 3), (0, 2), (2, 0)];

    MediatorRegularizer Of(BigramGenerator mediator, double rate = 0, double clip = 0) =>
        new(generator, mediator, data, Start, End, new SgdOptions { LearningRate = rate }, clip, 1);

    static double[] Row(BigramGenerator of, int row) => of.Table[row].softmax(0).to_type(float64).data<double>().ToArray();

    static double Kl(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();

    [Test]
    public void A_value_by_hand([Values(1, 2)] int parts)
    {
        var mediator = new BigramGenerator(V, 2);
        using var term = Of(mediator);
        var found = term.TermOf(Batch(parts));
        Assert.That(found.Value.item<float>(),
            Is.EqualTo(Written.Average(one => Kl(Row(generator, one.Row), Row(mediator, one.Row)))).Within(1e-6));
        Assert.That((term.Name, found.Name), Is.EqualTo(("mediator", "mediator")));
        Assert.That(mediator.Table.grad, Is.Not.Null);
    }

    [Test]
    public void The_gradient_is_that_of_finite_differences([Values(1, 2)] int parts)
    {
        using var term = Of(new BigramGenerator(V, 2));
        const float step = 0.01f;
        var found = Enumeration.GradientOf(term.TermOf(Batch(parts)).Surrogate(), generator);
        for (var i = 0; i < V * V; i++)
        {
            double At(float moved)
            {
                using (no_grad()) generator.Table[i / V, i % V] += moved;
                var value = term.TermOf(Batch()).Value.item<float>();
                using (no_grad()) generator.Table[i / V, i % V] -= moved;
                return value;
            }
            Assert.That(found[i], Is.EqualTo((At(step) - At(-step)) / (2 * step)).Within(1e-4), $"{i}");
        }
        Assert.That(found.Max(Math.Abs), Is.GreaterThan(0.01));
    }

    /// <summary>
    /// One step of size r down the mean of -log p over the eleven tokens of both sides: row a of the table moves by r/11 Σ (1[x = v] -
    /// p(v|a)) over the tokens x that follow an a. The term is of the mediator before that.
    /// </summary>
    [Test]
    public void It_learns_the_even_mixture()
    {
        const double rate = 0.5;
        var mediator = new BigramGenerator(V, 2);
        var before = mediator.Table.detach().clone().to_type(float64).data<double>().ToArray();
        using var term = Of(mediator, rate);
        var loss = -Written.Concat(Real).Average(one => Math.Log(Row(mediator, one.Row)[one.Token]));
        var expected = (double[])before.Clone();
        foreach (var (row, token) in Written.Concat(Real))
            for (var v = 0; v < V; v++)
                expected[row * V + v] += rate / 11 * ((v == token ? 1 : 0) - Row(mediator, row)[v]);

        term.TermOf(Batch());
        Assert.That(term.Figures.Single(one => one.Key == "mediator/loss").Value.item<float>(), Is.EqualTo(loss).Within(1e-6));
        Assert.That(Table(), Is.EqualTo(before), "the step waits");
        term.TermOf(Batch());
        Assert.That(Table(), Is.EqualTo(expected).Within(1e-6));

        double[] Table() => mediator.Table.detach().to_type(float64).flatten().data<double>().ToArray();
    }

    [Test]
    public void Steps_that_are_not_finite_are_not_taken()
    {
        var mediator = new BigramGenerator(V, 2);
        using var term = Of(mediator, 0.5);
        using (no_grad()) mediator.Table[0, 0] = float.NaN;
        term.TermOf(Batch());
        using (no_grad()) mediator.Table[0, 0] = 1;
        var before = mediator.Table.detach().clone();
        term.TermOf(Batch());
        Assert.That(mediator.Table.eq(before).all().item<bool>(), Is.True);
    }

    /// <summary>
    /// One token a text, data p and generator q: with the mediator (p+q)/2 the gradient is twice that of the Jensen-Shannon divergence.
    /// </summary>
    [Test]
    public void With_the_best_mediator_it_lowers_the_Jensen_Shannon_divergence()
    {
        double[] p = [.1, .2, .3, .4];
        var mediator = new BigramGenerator(V, 2);
        double[] Mixture() => [.. p.Zip(Row(generator, Start), (a, b) => (a + b) / 2)];
        using (no_grad()) mediator.Table[Start].copy_(tensor(Mixture()).log());
        using var term = Of(mediator);
        var first = tensor(new float[,] { { 1, 0, 0 }, { 1, 0, 0 } }); // of three positions one counts
        var texts = TextBatch.WithMask(tensor(new long[,] { { 1, 1, 1 }, { 3, 3, 3 } }), first, response: first);
        var found = Enumeration.GradientOf(term.TermOf(new GeneratedBatch(texts, null)).Surrogate(), generator);
        const float step = 0.01f;
        for (var v = 0; v < V; v++)
        {
            double At(float moved)
            {
                using (no_grad()) generator.Table[Start, v] += moved;
                var divergence = (Kl(p, Mixture()) + Kl(Row(generator, Start), Mixture())) / 2;
                using (no_grad()) generator.Table[Start, v] -= moved;
                return divergence;
            }
            Assert.That(found[v], Is.EqualTo(2 * (At(step) - At(-step)) / (2 * step)).Within(1e-4), $"{v}");
        }
        Assert.That(found[..V].Max(Math.Abs), Is.GreaterThan(0.01));
    }

    [Test]
    public void What_was_saved_goes_on_the_same()
    {
        MediatorRegularizer Fresh(int seed) =>
            new(generator, new BigramGenerator(V, seed), data, Start, End, new AdamOptions { LearningRate = 0.1 }, 5, 1);
        using var straight = Fresh(2);
        straight.TermOf(Batch());
        straight.TermOf(Batch());
        var bag = new StateBag();
        straight.Save(bag);
        using var resumed = Fresh(3);
        resumed.Load(bag);
        bag.Clear();
        for (var i = 0; i < 3; i++)
            Assert.That(resumed.TermOf(Batch()).Value.item<float>(), Is.EqualTo(straight.TermOf(Batch()).Value.item<float>()));
    }
}
