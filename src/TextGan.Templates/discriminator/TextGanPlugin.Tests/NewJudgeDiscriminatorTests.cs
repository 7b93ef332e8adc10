using NUnit.Framework;
using TextGan.Discriminators;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace NewJudge.Tests;

/// <summary>What every discriminator has to do.</summary>
public sealed class NewJudgeDiscriminatorTests
{
    const int Vocabulary = 7, End = 0;

    static Discriminator Model() =>
        new NewJudgeOptions { Hidden = 5 }.Build(new DiscriminatorContext(Vocabulary, Length: 4, End, CPU, _ => ""));

    /// <summary>[2,4]: the second text ends after two tokens and its end token.</summary>
    static Tensor Ids(long afterTheEnd = End) => tensor(new long[] { 1, 2, 3, 4, 5, 6, End, afterTheEnd }, 2, 4);

    static float[] Logits(Discriminator model, TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        return model.call(tokens).Logits.data<float>().ToArray();
    }

    [Test]
    public void It_gives_one_logit_for_each_text()
    {
        using var scope = NewDisposeScope();
        Assert.That(Model().call(new TextBatch(Ids(), End)).Logits.shape, Is.EqualTo((long[])[2, 1]));
    }

    [Test]
    public void It_reads_one_hot_distributions_like_ids()
    {
        using var scope = NewDisposeScope();
        var (model, oneHot) = (Model(), nn.functional.one_hot(Ids(), Vocabulary).to_type(float32));
        Assert.That(Logits(model, new TextBatch(Ids(), End, oneHot)), Is.EqualTo(Logits(model, new TextBatch(Ids(), End))).Within(1e-6));
    }

    [Test]
    public void It_does_not_read_tokens_after_the_end()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        Assert.That(Logits(model, new TextBatch(Ids(3), End)), Is.EqualTo(Logits(model, new TextBatch(Ids(), End))));
    }

    [Test]
    public void A_gradient_reaches_every_parameter()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        model.call(new TextBatch(Ids(), End)).Logits.sum().backward();
        foreach (var (name, parameter) in model.named_parameters())
            Assert.That(parameter.grad?.abs().sum().item<float>(), Is.GreaterThan(0), name);
    }
}
