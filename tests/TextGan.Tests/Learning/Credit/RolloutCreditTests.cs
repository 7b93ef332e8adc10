using TextGan.Discriminators.Losses;
using TextGan.Generators.Sampling;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Credit;

public sealed class RolloutCreditTests
{
    const int V = 4, T = 5;

    /// <summary>Of two texts.</summary>
    static TokenCredit Credit(RewardTransform reward, PromptBatch? prompts)
    {
        using var generator = new BigramGenerator(V, 1);
        using var discriminator = new TableDiscriminator(T, V, 2);
        var judge = new Judge("judge", discriminator, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException());
        var texts = Sampler.Sample(generator, new SamplingOptions(), 2, T, 0, null, prompts).Tokens;
        return new RolloutCredit(3).Assign(new CreditRequest(
            generator, [judge], texts, 0, null, new RewardScorer(reward, CPU), Prompts: prompts))[0];
    }

    [Test]
    public void Without_a_discriminator_nothing_is_drawn()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        var texts = new TextBatch(ones([2, T], int64), null);
        manual_seed(1);
        var expected = rand(1).item<float>();
        manual_seed(1);
        Assert.That(new RolloutCredit(3).Assign(
            new CreditRequest(generator, [], texts, 0, null, new RewardScorer(new ConstantReward(), CPU))), Is.Empty);
        Assert.That(rand(1).item<float>(), Is.EqualTo(expected));
    }

    /// <summary>Prompts of one and of three tokens: their positions have no return and do not count in statistics; all others do.</summary>
    [Test]
    public void Prompts_do_not_count()
    {
        using var scope = NewDisposeScope();
        var credit = Credit(new ConstantReward(), PromptBatch.Of([[1], [2, 3, 1]]));
        Assert.That(credit.Counted!.data<float>().ToArray(), Is.EqualTo(new[] { 0f, 1, 1, 1, 1, 0, 0, 0, 1, 1 }));

        // Equal rewards are normalised to 0 wherever they count: zeros of prompts would have lowered their mean.
        using var normalizer = new SignalNormalizer(0.5, NormalizationStatistics.Batch, 1e-4);
        var normalized = normalizer.Normalize(credit.Returns, credit.Counted) * credit.Counted;
        Assert.That(normalized.abs().max().item<float>(), Is.LessThan(1e-3));
    }

    [Test]
    public void Without_prompts_every_token_counts()
    {
        using var scope = NewDisposeScope();
        Assert.That(Credit(new LogitReward(), null).Counted, Is.Null);
    }

    sealed class ConstantReward : RewardTransform
    {
        public override Tensor Of(Tensor judged) => full_like(judged, 2);
    }
}
