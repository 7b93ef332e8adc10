using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Generators.Sampling;
using TextGan.Storage;
using TextGan.Tokenization;
using TextGan.Training;
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

    /// <summary>
    /// Three tables: what the generator was (always 1 after anything), what it becomes (always 2), and λ = 0.75 of the first and 0.25 of
    /// the second, whose most probable token is 1.
    /// </summary>
    [Test]
    public void A_lagging_copy_completes()
    {
        using var scope = NewDisposeScope();
        using var generator = Always(1);
        var copy = Always(1);
        using var credit = new RolloutCredit(3, new WeightAverage(copy, 0.75));
        using var heard = new Listener();
        var judge = new Judge("judge", heard, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException());
        void Assign() => credit.Assign(new CreditRequest(generator, [judge], new TextBatch(full([2, T], 3, int64), null), 0, null,
            new RewardScorer(new LogitReward(), CPU)));

        Assign();
        Assert.That(copy.Table.eq(generator.Table).all().item<bool>(), Is.True, "at the first rollout both are equal");
        using (no_grad()) generator.Table.copy_(Always(2).Table);
        heard.Texts.Clear();
        Assign();
        Assert.That(copy.Table[0].data<float>().ToArray(), Is.EqualTo(new[] { 0f, 75, 25, 0 }).Within(1e-4));
        // The first is that of the first token alone: 3, then four of the lagging copy.
        Assert.That(heard.Texts[0], Is.EqualTo(new long[] { 3, 1, 1, 1, 1 }));

        var bag = new StateBag();
        credit.Save(bag);
        using var restored = new RolloutCredit(3, new WeightAverage(Always(0), 0.75));
        restored.Load(bag);
        var again = new StateBag();
        restored.Save(again);
        Assert.That(again.Tensors["lagging/table"].data<float>().ToArray(), Is.EqualTo(copy.Table.data<float>().ToArray()));
        bag.Clear();
        again.Clear();
    }

    static BigramGenerator Always(int token)
    {
        var model = new BigramGenerator(V, 1);
        using (no_grad())
        {
            model.Table.zero_();
            model.Table[TensorIndex.Colon, TensorIndex.Single(token)] = 100;
        }
        return model;
    }

    /// <summary>Remembers the first row of each batch.</summary>
    sealed class Listener() : Discriminator(nameof(Listener))
    {
        public List<long[]> Texts { get; } = [];

        public override DiscriminatorOutput forward(TextBatch tokens)
        {
            Texts.Add(tokens.Ids[0].data<long>().ToArray());
            return new DiscriminatorOutput(zeros(tokens.Batch, 1));
        }
    }

    sealed class ConstantReward : RewardTransform
    {
        public override Tensor Of(Tensor judged) => full_like(judged, 2);
    }
}
