using TextGan.Discriminators;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class ControlDiscriminatorTests
{
    [TestCase("""{"kind":"constant","name":"d"}""", 0f)]
    [TestCase("""{"kind":"constant","name":"d","value":-1.5}""", -1.5f)]
    public void ConstantSaysTheSameOfEveryText(string json, float value)
    {
        using var scope = NewDisposeScope();
        var model = Build(json);
        Assert.That(Values(model.call(Hard()).Logits), Is.EqualTo(new[] { value, value, value, value }));
        Assert.That(Values(model.call(OneHot()).Logits), Is.EqualTo(new[] { value, value, value, value }));
    }

    [Test]
    public void RandomDrawsAnewForEveryTextAndCallAndFollowsTheSeed()
    {
        using var scope = NewDisposeScope();
        var model = Build("""{"kind":"random","name":"d"}""");
        manual_seed(9);
        var (first, second) = (Values(model.call(Hard()).Logits), Values(model.call(OneHot()).Logits));
        manual_seed(9);
        Assert.That(Values(model.call(Hard()).Logits), Is.EqualTo(first));
        Assert.That(first.Concat(second).Distinct().Count(), Is.EqualTo(8));
    }

    [Test]
    public void RandomIsStandardNormal()
    {
        using var scope = NewDisposeScope();
        var model = Build("""{"kind":"random","name":"d"}""");
        var logits = model.call(Hard(zeros([10_000, 1], int64))).Logits;
        Assert.That(logits.mean().item<float>(), Is.EqualTo(0).Within(0.04), "4 standard errors");
        Assert.That(logits.std().item<float>(), Is.EqualTo(1).Within(0.03), "4 standard errors");
    }

    [TestCase("constant"), TestCase("random")]
    public void HasNothingToLearn(string kind)
    {
        using var scope = NewDisposeScope();
        var options = Read($$"""{"kind":"{{kind}}","name":"d"}""");
        var model = options.Build(Context());
        Assert.That(options.Learns, Is.False);
        Assert.That(options.NeedsHardTokens, Is.False);
        Assert.That(model.parameters(), Is.Empty);
        Assert.That(model.VocabularySize, Is.Null);
        Assert.That(model.call(OneHot(requiresGrad: true)).Logits.requires_grad, Is.False);
    }
}
