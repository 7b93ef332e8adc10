using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Tokenization;

/// <summary>Tables that read relaxed tokens, against LibTorch's product.</summary>
public sealed class RelaxedTokensTests
{
    const int B = 3, T = 5, V = 70;

    readonly record struct Case(Tensor Scores, Tensor Relaxed, Tensor Ids, Tensor[] Tables)
    {
        public static Case Of(bool learns = false)
        {
            manual_seed(1);
            var scores = randn(B, T, V).requires_grad_();
            var relaxed = scores.softmax(-1);
            return new(scores, relaxed, relaxed.detach().argmax(-1),
                [.. new[] { 64, 5, 17 }.Select(width => randn(V, width).requires_grad_(learns))]);
        }

        public TextBatch ForMany => TextBatch.ForMany(Ids, null, Relaxed);
    }

    static double Difference(Tensor one, Tensor other) => (one - other).abs().max().item<float>();

    static Tensor Loss(Tensor means) => (means.square() * means.cos()).sum();

    [Test]
    public void A_mean_of_rows_is_a_product()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(learns: true);
        foreach (var table in @case.Tables)
        {
            var (mean, product) = (new TextBatch(@case.Ids, null, @case.Relaxed).MeanOf(table), @case.Relaxed.matmul(table));
            Assert.That(mean.shape, Is.EqualTo(product.shape));
            Assert.That(Difference(mean, product), Is.LessThan(1e-6));
            var (found, expected) =
                (autograd.grad([Loss(mean)], [@case.Scores, table], retain_graph: true),
                autograd.grad([Loss(product)], [@case.Scores, table], retain_graph: true));
            for (var i = 0; i < 2; i++) Assert.That(Difference(found[i], expected[i]), Is.LessThan(1e-5));
        }
    }

    /// <summary>Among the readers is one that knows nothing of tables.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void The_gradients_of_many_readers_arrive_as_their_sum(bool withAnother)
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of();
        var tokens = @case.ForMany;
        var (found, expected) =
            (@case.Tables.Select(table => Loss(tokens.MeanOf(table))).ToList(),
            @case.Tables.Select(table => Loss(@case.Relaxed.matmul(table))).ToList());
        if (withAnother)
        {
            found.Insert(1, tokens.Relaxed!.square().sum());
            expected.Insert(1, @case.Relaxed.square().sum());
        }
        // One term after another, as combiners do that look at each gradient, and then all at once.
        foreach (var (one, other) in found.Zip(expected).Append((stack(found).sum(), stack(expected).sum())))
            Assert.That(Difference(Gradient(one), Gradient(other)),
                Is.LessThan(1e-5 * Math.Max(1, Gradient(other).abs().max().item<float>())));

        Tensor Gradient(Tensor loss) => autograd.grad([loss], [@case.Scores], retain_graph: true)[0];
    }

    /// <summary>A pass that asks for a table's gradient alone leaves nothing behind for the next.</summary>
    [Test]
    public void Tables_that_learn_get_theirs()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of();
        @case.Tables[0].requires_grad_(true);
        var tokens = @case.ForMany;
        var (found, expected) =
            (Loss(tokens.MeanOf(@case.Tables[0])) + Loss(tokens.MeanOf(@case.Tables[1])),
            Loss(@case.Relaxed.matmul(@case.Tables[0])) + Loss(@case.Relaxed.matmul(@case.Tables[1])));
        for (var turn = 0; turn < 2; turn++)
            foreach (var wanted in new[] { @case.Tables[0], @case.Scores })
                Assert.That(Difference(autograd.grad([found], [wanted], retain_graph: true)[0],
                    autograd.grad([expected], [wanted], retain_graph: true)[0]), Is.LessThan(1e-4));
    }

    [Test]
    public void Can_be_differentiated_twice()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(learns: true);
        var tokens = @case.ForMany;
        Assert.That(Difference(Twice(tokens.MeanOf(@case.Tables[1])), Twice(@case.Relaxed.matmul(@case.Tables[1]))), Is.LessThan(1e-4));

        Tensor Twice(Tensor means)
        {
            var once = autograd.grad([Loss(means)], [@case.Scores], retain_graph: true, create_graph: true)[0];
            return autograd.grad([once.square().sum()], [@case.Tables[1]], retain_graph: true)[0];
        }
    }

    [Test]
    public void Texts_without_a_gradient_stay_without()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of();
        using (no_grad()) Assert.That(@case.ForMany.MeanOf(@case.Tables[0]).requires_grad, Is.False);
        var tokens = TextBatch.ForMany(@case.Ids, null, @case.Relaxed.detach());
        Assert.That(tokens.MeanOf(@case.Tables[0]).requires_grad, Is.False);
    }

    [Test]
    public void Nothing_stays_alive()
    {
        long after10 = 0;
        for (var step = 0; step < 40; step++)
        {
            using (NewDisposeScope())
            {
                var @case = Case.Of();
                var tokens = @case.ForMany;
                var losses = @case.Tables.Select(table => Loss(tokens.MeanOf(table))).ToArray();
                stack(losses).sum().backward();
            }
            if (step == 10) after10 = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(after10));
    }
}
