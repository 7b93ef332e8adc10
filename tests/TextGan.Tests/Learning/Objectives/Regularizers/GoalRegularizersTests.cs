using TextGan.Generators;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Tests.Generators;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives.Regularizers;

/// <summary>The terms of manager and worker, by hand, on progress and rewards that are given.</summary>
public sealed class GoalRegularizersTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    /// <summary>Progress is a table that learns, rewards are numbers.</summary>
    sealed class Given : IGoalDirected
    {
        public Tensor Table { get; } = tensor(new float[,] { { 0.5f, -0.25f, 9 }, { 1, 0.75f, 0.5f } }, requires_grad: true);

        public Tensor Progress(Tensor ids, Tensor mask) => Table.alias();

        public Tensor IntrinsicRewards(Tensor ids) => tensor(new float[,] { { 0.5f, -1, 9 }, { 1, 0.25f, 2 } });
    }

    static readonly TextBatch Texts = new(tensor(new long[,] { { 1, 0, 0 }, { 2, 1, 2 } }), 0); // lengths 2 and 3

    [Test]
    public void The_managers_term()
    {
        var given = new Given();
        var advantages = tensor(new float[,] { { 2, -3, 0 }, { 0.5f, 1, -1 } });
        using var regularizer = new ManagerRegularizer(given);
        var term = regularizer.TermOf(new GeneratedBatch(Texts, null) { Advantages = advantages });
        // -(2·0.5 + 3·0.25 + 0.5·1 + 0.75 - 0.5)/2
        Assert.That(term.Value.item<float>(), Is.EqualTo(-1.25).Within(1e-6));
        term.Surrogate().backward();
        Assert.That(GeneratorCases.Doubles(given.Table.grad!), Is.EqualTo(new[] { -1, 1.5, 0, -0.25, -0.5, 0.5 }).Within(1e-6));
        Assert.That(() => regularizer.TermOf(new GeneratedBatch(Texts, null)), Throws.InvalidOperationException);
    }

    [Test]
    public void The_workers_term_is_reinforce_with_the_intrinsic_reward()
    {
        var logs = tensor(new float[,] { { -1, -2, -3 }, { -0.5f, -1, -4 } }, requires_grad: true);
        using var regularizer = new IntrinsicRegularizer(new Given());
        var term = regularizer.TermOf(new GeneratedBatch(Texts, null) { LogProbabilities = logs });
        Assert.That(term.Value.item<float>(), Is.EqualTo(-(0.5 - 1 + 1 + 0.25 + 2) / 2).Within(1e-6), "minus the rewards of a text");
        term.Surrogate().backward();
        Assert.That(GeneratorCases.Doubles(logs.grad!), Is.EqualTo(new[] { -0.25, 0.5, 0, -0.5, -0.125, -1 }).Within(1e-6));
    }
}
