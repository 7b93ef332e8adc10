using TextGan.Generators;
using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Tests.Generators;
using TextGan.Tokenization;
using TextGan.Training;
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

    /// <summary>
    /// The noise floor of conflict is of what the step takes: rows of the likelihood's term have the manager's gradient, too. All rows make
    /// the whole, and parts do if they are weighted by their tokens (3 and 2 of 5 real ones).
    /// </summary>
    [TestCase(1)]
    [TestCase(2)]
    public void Rows_of_the_likelihood_teach_the_manager(int parts)
    {
        manual_seed(3);
        using var generator = new LeakGenerator(new SummedFeatures(new float[,] { { 0, 0 }, { 1, 0 }, { 0, 1 } }), 3, 3, 3, 4, 5, 3, 2, 1,
            0.5);
        using var data = new EncodedSet("real", new MemoryRows(tensor(new long[,] { { 1, 2, 0 }, { 1, 0, 0 } })), null,
            new MemoryRows(empty([0, 3], int64)));
        using var regularizer = new LikelihoodRegularizer(generator, data, 0, 0, CPU, seed: 1);
        var term = regularizer.TermOf(new GeneratedBatch(Texts, null) { Parts = parts });
        var gradients = new TermGradients([term], [.. generator.parameters()]);
        double[] Of(Tensor surrogate) => GeneratorCases.Doubles(gradients.GradientOf(surrogate, keepGraph: true));
        var whole = Of(term.Surrogate());
        Assert.That(Of(term.Part!(0, 2)), Is.EqualTo(whole).Within(1e-6));
        var (one, other) = (Of(term.Part(0, 1)), Of(term.Part(1, 1)));
        double[] Weighted(double share) => [.. one.Zip(other, (a, b) => share * a + (1 - share) * b)];
        // Which of the two texts comes first, the order of the batch decides.
        Assert.That(((double[])[0.6, 0.4]).Min(share => Weighted(share).Zip(whole, (a, b) => Math.Abs(a - b)).Max()), Is.LessThan(1e-6));
    }
}
