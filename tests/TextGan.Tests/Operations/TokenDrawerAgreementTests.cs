using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public sealed class TokenDrawerAgreementTests
{
    /// <summary>
    /// The same uniform numbers give the same tokens. Where a number falls within rounding of the border between two tokens both are right:
    /// of 20,000 at most a few. (Top-p sorts in tensor operations, so that tokens have other places there.)
    /// </summary>
    [Test]
    public void TheLoopAndTheTensorOperationsDrawTheSameTokens(
        [Values(2, 33, 1000)] int vocabulary, [Values(1.0, 0.6)] double temperature, [Values(0, 10)] int topK)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var (logits, uniform) = (2 * randn(20, vocabulary), rand(20, 1000));
        var drawer = new TokenDrawer(temperature, topK);
        var (loop, tensors) = (drawer.Draw(logits, uniform), Plain(drawer, logits, uniform));
        var same = loop.Tokens.eq(tensors.Tokens);
        Assert.That(same.logical_not().sum().item<long>(), Is.LessThanOrEqualTo(4));
        Assert.That((loop.LogProbabilities - tensors.LogProbabilities).masked_select(same).abs().max().item<float>(), Is.LessThan(2e-5));
    }

    /// <summary>With top-p both have the same tokens and the same probabilities, hence the same distribution.</summary>
    [Test]
    public void TheyAgreeOnTheNucleus([Values(0.1, 0.5, 0.9, 0.99)] double topP, [Values(0, 20)] int topK)
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        var (logits, uniform) = (2 * randn(4, 60), rand(4, 60_000));
        var drawer = new TokenDrawer(1, topK, topP);
        var (loop, tensors) = (drawer.Draw(logits, uniform), Plain(drawer, logits, uniform));
        for (var row = 0; row < 4; row++)
        {
            var (one, other) = (Table(loop, row), Table(tensors, row));
            Assert.That(one.Keys, Is.EquivalentTo(other.Keys));
            foreach (var (token, log) in one) Assert.That(other[token], Is.EqualTo(log).Within(2e-5));
        }
    }

    static DrawnTokens Plain(TokenDrawer drawer, Tensor logits, Tensor uniform)
    {
        using var plain = OperationMode.Plain();
        return drawer.Draw(logits, uniform);
    }

    static Dictionary<long, float> Table(DrawnTokens drawn, int row)
    {
        var table = new Dictionary<long, float>();
        foreach (var (token, log) in drawn.Tokens[row].data<long>().ToArray()
            .Zip(drawn.LogProbabilities[row].data<float>().ToArray())) table[token] = log;
        return table;
    }
}
