using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Tests.Learning;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives.Regularizers;

/// <summary>On bigram models next-token distributions are rows of a table: values by hand, gradients by finite differences.</summary>
public sealed class DistillationRegularizerTests : IDisposable
{
    const int V = 4, Start = 0, End = 2;

    readonly DisposeScope scope = NewDisposeScope();
    // Logits, a row for each last token: the student is surer of itself than its teacher, so that the divergences differ.
    readonly BigramGenerator student =
        Of(new float[,] { { 2, -1, .5f, 0 }, { -1.5f, 1, 0, 2 }, { 0, .3f, -.2f, .1f }, { 1, 2.5f, -1, -2 } });
    readonly BigramGenerator teacher =
        Of(new float[,] { { .5f, .2f, -.3f, .4f }, { 0, .5f, -.5f, -.4f }, { 0, 1, 0, -1 }, { -.5f, .3f, .2f, .6f } });

    static BigramGenerator Of(float[,] logits)
    {
        var model = new BigramGenerator(V, 1);
        using (no_grad()) model.Table.copy_(tensor(logits));
        return model;
    }

    public void Dispose()
    {
        student.Dispose();
        teacher.Dispose();
        scope.Dispose();
    }

    /// <summary>"1 3 end", "end" and "3 3 3": the rows 0, 1, 3, then 0, then 0, 3, 3 are read; what follows an end is not.</summary>
    static TextBatch Texts => new(tensor(new long[,] { { 1, 3, End }, { End, 1, 1 }, { 3, 3, 3 } }), End);

    static readonly int[] Rows = [0, 1, 3, 0, 0, 3, 3];

    Term TermOf(DistillationDivergence divergence, double β = 0.5, double temperature = 1, BigramGenerator? of = null, int parts = 1) =>
        new DistillationRegularizer(student, of ?? teacher, Start, divergence, β, temperature)
            .TermOf(new GeneratedBatch(Texts, null) { Parts = parts });

    double ValueOf(DistillationDivergence divergence, double β = 0.5, double temperature = 1) =>
        TermOf(divergence, β, temperature).Value.item<float>();

    double[] GradientOf(DistillationDivergence divergence, double β = 0.5, double temperature = 1, int parts = 1) =>
        Enumeration.GradientOf(TermOf(divergence, β, temperature, parts: parts).Surrogate(), student);

    static double[] Row(BigramGenerator of, int row, double temperature) =>
        (of.Table[row] / temperature).softmax(0).to_type(ScalarType.Float64).data<double>().ToArray();

    static double Kl(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();

    static double ByHand(DistillationDivergence divergence, double[] p, double[] q, double β)
    {
        double[] mixture = [.. p.Zip(q, (a, b) => β * a + (1 - β) * b)];
        return divergence switch
        {
            DistillationDivergence.Forward => Kl(p, q),
            DistillationDivergence.Reverse => Kl(q, p),
            _ => β * Kl(p, mixture) + (1 - β) * Kl(q, mixture),
        };
    }

    [Test]
    public void A_value_by_hand_over_the_tokens_that_count([Values] DistillationDivergence divergence, [Values(1, 2)] double temperature)
    {
        const double β = 0.3;
        double Expected(BigramGenerator p, BigramGenerator q) =>
            Rows.Average(row => ByHand(divergence, Row(p, row, temperature), Row(q, row, temperature), β));
        var found = ValueOf(divergence, β, temperature);
        Assert.That(found, Is.EqualTo(Expected(teacher, student)).Within(1e-6));
        Assert.That(found, Is.Not.EqualTo(Expected(student, teacher)).Within(1e-3), "with the two swapped");
        Assert.That(TermOf(divergence).Name, Is.EqualTo("distillation"));
    }

    [Test]
    public void The_gradient_is_that_of_finite_differences([Values] DistillationDivergence divergence, [Values(1, 2)] double temperature)
    {
        const float step = 0.01f;
        var found = GradientOf(divergence, 0.3, temperature);
        for (var i = 0; i < V * V; i++)
        {
            double At(float moved)
            {
                using (no_grad()) student.Table[i / V, i % V] += moved;
                var value = ValueOf(divergence, 0.3, temperature);
                using (no_grad()) student.Table[i / V, i % V] -= moved;
                return value;
            }
            Assert.That(found[i], Is.EqualTo((At(step) - At(-step)) / (2 * step)).Within(1e-4), $"{i}");
        }
        Assert.That(found.Max(Math.Abs), Is.GreaterThan(0.01));
        Assert.That(found[(End * V)..((End + 1) * V)], Is.All.Zero, "nothing that counts is read after the end");
        Assert.That(teacher.Table.grad, Is.Null, "a teacher does not learn");
    }

    [Test]
    public void In_parts_it_is_the_same([Values] DistillationDivergence divergence) =>
        Assert.That(GradientOf(divergence, parts: 2), Is.EqualTo(GradientOf(divergence)).Within(1e-6));

    [Test]
    public void A_student_that_is_the_teacher_has_nothing_to_learn([Values] DistillationDivergence divergence)
    {
        using var same = new BigramGenerator(V, 1);
        using (no_grad()) same.Table.copy_(student.Table);
        var term = TermOf(divergence, of: same);
        Assert.That(term.Value.item<float>(), Is.EqualTo(0).Within(1e-7));
        Assert.That(Enumeration.GradientOf(term.Surrogate(), student), Is.All.EqualTo(0).Within(1e-7));
    }

    /// <summary>JSD(β)/β → KL(teacher ‖ student) for β → 0 and JSD(β)/(1-β) → KL(student ‖ teacher) for β → 1 (2306.13649).</summary>
    [TestCase(0.001, DistillationDivergence.Forward, DistillationDivergence.Reverse)]
    [TestCase(0.999, DistillationDivergence.Reverse, DistillationDivergence.Forward)]
    public void At_its_ends_the_jensen_shannon_divergence_is_one_of_the_others(
        double β, DistillationDivergence near, DistillationDivergence far)
    {
        var scale = Math.Min(β, 1 - β);
        Assert.That(ValueOf(DistillationDivergence.JensenShannon, β) / scale,
            Is.EqualTo(ValueOf(near)).Within(0.01).And.Not.EqualTo(ValueOf(far)).Within(0.3));
        double[] gradient = [.. GradientOf(DistillationDivergence.JensenShannon, β).Select(one => one / scale)];
        Assert.That(gradient, Is.EqualTo(GradientOf(near)).Within(0.01));
        Assert.That(gradient, Is.Not.EqualTo(GradientOf(far)).Within(0.1));
    }

    [Test]
    public void The_reverse_divergence_is_the_kl_to_a_reference()
    {
        var kl = new KlRegularizer(student, teacher, Start).TermOf(new GeneratedBatch(Texts, null));
        Assert.That(ValueOf(DistillationDivergence.Reverse), Is.EqualTo(kl.Value.item<float>()).Within(1e-7));
    }
}
