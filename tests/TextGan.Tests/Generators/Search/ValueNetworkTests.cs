using TextGan.Generators.Search;
using TextGan.Optimizers;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Search;

public sealed class ValueNetworkTests
{
    /// <summary>The mean of (v - R)² at the two tokens behind a prompt of two, from the states before each.</summary>
    [Test]
    public void The_loss_by_hand()
    {
        using var scope = NewDisposeScope();
        using var generator = GeneratorCases.Build(GeneratorCases.Lstm[0]);
        manual_seed(1);
        using var value = new ValueNetwork(generator.HiddenSize, 16, new AdamOptions(), CPU);
        var ids = tensor(new long[,] { { 1, 2, 3, 4 } });
        var texts = new TextBatch(ids, null, promptLengths: tensor(new long[] { 2 }));
        var inputs = tensor(new long[,] { { GeneratorCases.Start, 1, 2, 3 } });
        var values = SearchSession.Numbers(value.Of(generator.Hidden(inputs)).flatten());
        var (loss, _) = value.Fit(generator, texts, tensor(new[] { 5f }), GeneratorCases.Start, steps: 1, batch: 8);
        Assert.That(loss.item<float>(), Is.EqualTo(values[2..].Average(one => (one - 5) * (one - 5))).Within(1e-4));
        Assert.That(values[2], Is.Not.EqualTo(values[1]).Within(1e-3).And.Not.EqualTo(values[3]).Within(1e-3), "a shift would show");
    }

    /// <summary>Rewards that each token of a text tells are learnt from the states behind tokens; shuffled ones are not.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void It_learns_what_beginnings_are_worth(bool shuffled)
    {
        using var scope = NewDisposeScope();
        using var generator = GeneratorCases.Build(GeneratorCases.Lstm[0]);
        manual_seed(1);
        var ids = randint(0, 2, [400, 1], int64).expand(400, 4).mul(3).contiguous(); // all 0 or all 3
        var rewards = ids.select(1, 0).to_type(float32);
        if (shuffled) rewards = rewards.index_select(0, randperm(400, int64));
        using var value = new ValueNetwork(generator.HiddenSize, 16, new AdamOptions { LearningRate = 0.02 }, CPU);
        var texts = new TextBatch(ids, null);
        var before = generator.parameters().Select(parameter => parameter.clone()).ToArray();
        value.Fit(generator, texts, rewards, GeneratorCases.Start, steps: 300, batch: 200);
        var (_, explained) = value.Fit(generator, texts, rewards, GeneratorCases.Start, steps: 1, batch: 400);
        // Nothing is known before the first of the 4 tokens; behind it everything is: 3/4 can be explained.
        Assert.That(explained.item<float>(), shuffled ? Is.LessThan(0.3) : Is.GreaterThan(0.6));
        Assert.That(generator.parameters().Zip(before).All(pair => pair.First.eq(pair.Second).all().item<bool>()), Is.True,
            "the generator stays");
    }
}
