using TextGan.Discriminators;
using TextGan.Tokenization;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class TokenEmbeddingTests
{
    [Test]
    public void OneHotTokensEqualIdsInValueAndGradient()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var embedding = new TokenEmbedding(V, 5, 1);
        Assert.That(embedding.named_parameters().Select(parameter => parameter.name), Is.EqualTo(new[] { "table.weight" }));
        var table = embedding.get_parameter("table.weight")!;
        var direction = randn(4, T, 5);

        var fromIds = embedding.call(Hard());
        (fromIds * direction).sum().backward();
        var gradientFromIds = table.grad!.clone();
        embedding.zero_grad();
        var fromRelaxed = embedding.call(OneHot());
        (fromRelaxed * direction).sum().backward();

        Assert.That(fromIds.shape, Is.EqualTo(new long[] { 4, T, 5 }));
        Assert.That(MaxDifference(fromIds, fromRelaxed), Is.LessThan(1e-6));
        Assert.That(MaxDifference(gradientFromIds, table.grad!), Is.LessThan(1e-6));
        Assert.That(Values(fromIds[2, 1]), Is.EqualTo(Values(table[5])), "the third text's second token is 5");
    }

    [Test]
    public void ARelaxedTokenIsTheMeanOfItsRows()
    {
        using var scope = NewDisposeScope();
        var embedding = new TokenEmbedding(3, 2, 1);
        using (no_grad()) embedding.get_parameter("table.weight")!.copy_(tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 10, 20 } }));
        var tokens = new TextBatch(zeros([1, 1], int64), null, tensor(new float[,,] { { { 0.5f, 0.25f, 0.25f } } }));
        // 0.5·1 + 0.25·3 + 0.25·10 = 3.75; 0.5·2 + 0.25·4 + 0.25·20 = 7.
        Assert.That(Values(embedding.call(tokens)), Is.EqualTo(new[] { 3.75f, 7f }));
    }

    [TestCase(0.1), TestCase(2)]
    public void StartsWithTheWantedDeviation(double deviation)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var table = new TokenEmbedding(500, 40, deviation).get_parameter("table.weight")!;
        // 20,000 draws: the standard error of the deviation is 0.5%, of the mean 0.7% of it.
        Assert.That(table.std().item<float>() / deviation, Is.EqualTo(1).Within(0.02));
        Assert.That(table.mean().item<float>() / deviation, Is.EqualTo(0).Within(0.03));
    }
}
