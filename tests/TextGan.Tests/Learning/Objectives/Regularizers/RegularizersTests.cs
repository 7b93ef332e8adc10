using TextGan.Learning.Objectives.Regularizers;
using TextGan.Tests.Learning;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives.Regularizers;

/// <summary>On a bigram model the next-token distributions are rows of a table, so that each term has a value by hand.</summary>
public class RegularizersTests
{
    const int Start = 0;
    const int End = 2;

    /// <summary>Text "1 end": positions read the rows of 0 and 1; what follows the end does not count.</summary>
    static Tensor Ids => tensor(new long[] { 1, End, End }).view(1, 3);

    static double[] Row(BigramGenerator generator, int row) => generator.Table[row].softmax(0).to_type(float64).data<double>().ToArray();

    /// <summary>The batch as REINFORCE makes it (logits of its ids), or as Gumbel-softmax does (relaxed tokens, no logits).</summary>
    static GeneratedBatch Batch(BigramGenerator generator, bool relaxed)
    {
        if (!relaxed)
            return new GeneratedBatch(new TextBatch(Ids, End), generator.forward(tensor(new long[] { Start, 1, End }).view(1, 3)));
        var soft = tensor(new[] { .2f, .5f, .3f, 0f, 0f, 1f, 0f, 0f, 1f }).view(1, 3, 3).requires_grad_(true);
        return new GeneratedBatch(new TextBatch(Ids, End, soft), null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Entropy_is_that_of_the_rows_read(bool relaxed)
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(3, 1);
        var term = new EntropyRegularizer(generator, Start).TermOf(Batch(generator, relaxed));
        var expected = new[] { Row(generator, Start), Row(generator, 1) }.Average(row => row.Sum(p => p * Math.Log(p)));
        Assert.That(term.Value.item<float>(), Is.EqualTo(expected).Within(1e-6));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Kl_is_that_of_the_rows_read_and_0_for_the_same_model(bool relaxed)
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(3, 1);
        using var other = new BigramGenerator(3, 2);
        using var same = new BigramGenerator(3, 1);
        var batch = Batch(generator, relaxed);
        var term = new KlRegularizer(generator, other, Start).TermOf(batch);
        double Of(int row) => Row(generator, row).Zip(Row(other, row), (p, q) => p * Math.Log(p / q)).Sum();
        Assert.That(term.Value.item<float>(), Is.EqualTo((Of(Start) + Of(1)) / 2).Within(1e-6));
        Assert.That(new KlRegularizer(generator, same, Start).TermOf(batch).Value.item<float>(), Is.EqualTo(0).Within(1e-7));
    }

    [Test]
    public void No_gradient_runs_back_through_the_texts()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(3, 1);
        var batch = Batch(generator, relaxed: true);
        new EntropyRegularizer(generator, Start).TermOf(batch).Surrogate().backward();
        Assert.That(batch.Tokens.Relaxed!.grad, Is.Null, "prefixes are held fixed");
        Assert.That(generator.Table.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }
}
