using TextGan.Discriminators;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class BagDiscriminatorTests
{
    [Test]
    public void HasTheseParametersAndDefaults()
    {
        var options = (BagDiscriminatorOptions)Read("""{"kind":"bag","name":"d"}""");
        Assert.That((options.Embedding, options.Hidden, options.Dropout), Is.EqualTo((64, 64, 0.0)));
        using var model = options.Build(Context());
        Assert.That(model.named_parameters().Select(parameter => parameter.name),
            Is.EqualTo(new[] { "embedding.table.weight", "hidden.weight", "hidden.bias", "head.weight", "head.bias" }));
    }

    [Test]
    public void DoesNotKnowTheOrderOfTokens()
    {
        using var scope = NewDisposeScope();
        var logits = Values(Build(Masked[5]).call(
            Hard(tensor(new long[,] { { 2, 3, 4, 5, 6, 0 }, { 6, 0, 2, 5, 4, 3 }, { 2, 3, 4, 5, 6, 6 } }))).Logits);
        Assert.That(logits[0], Is.EqualTo(logits[1]).Within(1e-6));
        Assert.That(logits[0], Is.Not.EqualTo(logits[2]).Within(1e-4));
    }

    [Test]
    public void EqualsItsFormula()
    {
        using var scope = NewDisposeScope();
        var model = Build(Masked[5]);
        Tensor P(string name) => model.get_parameter(name)!;
        // The third text is 2 5 0 1.
        var mean = (P("embedding.table.weight")[2] + P("embedding.table.weight")[5] + P("embedding.table.weight")[0]
            + P("embedding.table.weight")[1]) / 4;
        var expected = P("head.weight").mv((P("hidden.weight").mv(mean) + P("hidden.bias")).clamp_min(0)) + P("head.bias");
        Assert.That(MaxDifference(model.call(Hard()).Logits[2], expected), Is.LessThan(1e-6));
    }
}
