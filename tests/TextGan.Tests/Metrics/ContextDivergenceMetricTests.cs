using TextGan.Generators;
using TextGan.Metrics;
using TextGan.Tests.Generators;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics;

public sealed class ContextDivergenceMetricTests : IDisposable
{
    const int V = 5, T = 6, Start = 0, End = 0;

    readonly DisposeScope scope = NewDisposeScope();
    readonly TextGan.Generators.Generator student = Lstm(1), teacher = Lstm(2);

    // After the contexts 1 and 3 the tokens from number 3 on count (number 3 has a start token and three others before it): in the first
    // text 4 and the end, in the second none, in the third, of which two are a prompt, all from there.
    static readonly long[][] Rows = [[1, 2, 3, 4, 0, 0], [1, 0, 0, 0, 0, 0], [3, 4, 3, 1, 2, 4]];
    static readonly int[] Counted = [3, 4, 2 * T + 3, 2 * T + 4, 2 * T + 5];

    public void Dispose()
    {
        student.Dispose();
        teacher.Dispose();
        scope.Dispose();
    }

    static TextGan.Generators.Generator Lstm(int seed)
    {
        manual_seed(seed);
        var model = new LstmGeneratorOptions { Embedding = 8, Hidden = 8 }.Build(new GeneratorContext(V, T, CPU));
        using (no_grad()) foreach (var parameter in model.parameters()) parameter.mul_(4);
        return model;
    }

    IReadOnlyDictionary<string, double> Measure(
        int? own, int positions = 1000, long[][]? rows = null, TextGan.Generators.Generator? of = null) =>
        new ContextDivergenceMetric(teacher, rows ?? Rows, [0, 0, 2], Start, End, [1, 3], own, positions)
            .Evaluate(new EvaluationContext(of ?? student, [], []));

    /// <summary>KL(teacher at the whole prefix ‖ reader of the last tokens), each place read by itself.</summary>
    double Expected(TextGan.Generators.Generator reader, int context, bool swapped = false, int[]? counted = null)
    {
        using var none = no_grad();
        var inputs = TeacherForcing.Inputs(tensor(Rows.SelectMany(row => row).ToArray(), [3, T]), Start);
        Tensor Logs(TextGan.Generators.Generator model, int k) =>
            model.Logits(ContextWindowsTests.OneByOne(model, inputs, k)).log_softmax(-1);
        var (p, q) = (Logs(teacher, T), Logs(reader, context));
        if (swapped) (p, q) = (q, p);
        var each = (p.exp() * (p - q)).sum(-1).data<float>().ToArray();
        return (counted ?? Counted).Average(at => each[at]);
    }

    [Test]
    public void Values_are_those_of_each_place_read_by_itself()
    {
        var values = Measure(own: null);
        foreach (var k in new[] { 1, 3 })
        {
            Assert.That(values[$"context-kl-student-{k}"], Is.EqualTo(Expected(student, k)).Within(1e-5));
            Assert.That(values[$"context-kl-teacher-{k}"], Is.EqualTo(Expected(teacher, k)).Within(1e-5).And.GreaterThan(1e-4));
            Assert.That(values[$"context-kl-student-{k}"], Is.Not.EqualTo(Expected(student, k, swapped: true)).Within(1e-2));
        }
        Assert.That(values["context-kl-student"], Is.EqualTo(Expected(student, T)).Within(1e-5));
        Assert.That(values["context-positions"], Is.EqualTo(5));
        Assert.That(values.Keys, Has.No.Member("context-kl-teacher"));
    }

    [Test]
    public void A_student_that_was_trained_for_a_context_is_measured_at_it()
    {
        var values = Measure(own: 2);
        Assert.That(values["context-kl-student"], Is.EqualTo(Expected(student, 2)).Within(1e-5));
        Assert.That(values["context-kl-teacher"], Is.EqualTo(Expected(teacher, 2)).Within(1e-5));
    }

    /// <summary>Students of any context are compared at the same tokens, at some of which a long one sees everything.</summary>
    [TestCase(5)]
    [TestCase(T)]
    public void A_long_context_of_the_student_leaves_the_tokens_as_they_are(int own)
    {
        var values = Measure(own);
        Assert.That(values["context-positions"], Is.EqualTo(Counted.Length));
        Assert.That(values["context-kl-student"], Is.EqualTo(Expected(student, own)).Within(1e-5));
        Assert.That(values["context-kl-teacher"], Is.EqualTo(Expected(teacher, own)).Within(1e-5));
    }

    [Test]
    public void The_teacher_is_its_own_yardstick_and_positions_are_spread()
    {
        var values = Measure(own: null, of: teacher);
        Assert.That(values["context-kl-student-1"], Is.EqualTo(values["context-kl-teacher-1"]).And.Positive);
        Assert.That(values["context-kl-student"], Is.EqualTo(0).Within(1e-6));
        var two = Measure(own: null, positions: 2);
        Assert.That(two["context-positions"], Is.EqualTo(2));
        Assert.That(two["context-kl-student-1"], Is.EqualTo(Expected(student, 1, counted: [Counted[0], Counted[2]])).Within(1e-5));
    }

    [Test]
    public void Without_long_texts_there_is_no_value()
    {
        var values = Measure(own: null, rows: [[1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [3, 4, 0, 0, 0, 0]]);
        Assert.That(values.Where(one => one.Key != "context-positions").Select(one => one.Value), Is.All.NaN);
        Assert.That(values["context-positions"], Is.Zero);
    }
}
