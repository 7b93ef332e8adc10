using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Learning.Updates.Losses;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

/// <summary>GRPO, Dr. GRPO and masked texts on the bigram model (V=4, T=3), in groups of two.</summary>
public sealed class GroupUpdateTests
{
    const int V = 4, T = 3, Start = 0, End = 0;

    static Judge JudgeOf(TableDiscriminator judge, SignalNormalizer? normalizer = null) =>
        new("judge", judge, new NonSaturatingLoss(), CPU, normalizer, _ => throw new InvalidOperationException());

    static RolloutRequest Request(BigramGenerator generator, Judge judge, int batch = 16) =>
        new(generator, [judge], batch, T, Start, End, 0, 1, NeedsLogits: false);

    /// <summary>
    /// Σ_x p(x) w(x) Σ_t ∇log p(x_t), w(x) = -Σ_y p(y) A(r(x), r(y))/|x|^a: what the formula of a group of two gives on average, by
    /// enumeration of all pairs.
    /// </summary>
    static double[] OfPairs(BigramGenerator generator, TableDiscriminator judge, Func<double, double, double> advantage, bool byLength) =>
        Enumeration.ExactCreditGradient(generator, T, Start, End, texts =>
        {
            var probabilities = (TeacherForcing.LogProbabilities(generator, texts.Ids, Start) * texts.Mask).sum(1).exp().detach()
                .data<float>().ToArray();
            var rewards = judge.forward(texts).SequenceLogits().data<float>().ToArray();
            var lengths = texts.Mask.sum(1).data<float>().ToArray();
            float[] weights = [.. rewards.Select((own, i) => (float)(-rewards.Select((other, j) =>
                probabilities[j] * advantage(own, other)).Sum() / (byLength ? lengths[i] : 1)))];
            return tensor(weights).unsqueeze(1).expand(texts.Ids.shape);
        });

    static GradientStatistics Measure(BigramGenerator generator, TableDiscriminator judge, LengthNormalization lengths, bool divides)
    {
        using var normalizer = new NormalizationOptions { Statistics = NormalizationStatistics.Group, Divide = divides }.Build();
        using var update = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([new NoBaseline()]), new ClippedLoss(0.2, lengths),
            new RolloutCollector(new SamplingOptions(), 2));
        var statistics = new GradientStatistics(V * V);
        for (var i = 0; i < 2000; i++)
        {
            using var scope = NewDisposeScope();
            manual_seed(1000 + i);
            statistics.Add(Enumeration.GradientOf(
                update.Estimate(Request(generator, JudgeOf(judge, normalizer))).Terms[0].Surrogate(), generator));
        }
        return statistics;
    }

    /// <summary>In a group of two the normalised advantage is 1 for the better text, -1 for the worse one, and 0 for equal ones.</summary>
    [Test]
    public void Grpo_is_biased_as_its_formula_is()
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        var statistics = Measure(generator, judge, LengthNormalization.Text, divides: true);
        // Differences below the smallest deviation of 0.0001 are not brought to 1.
        var exact = OfPairs(generator, judge, (own, other) => (own - other) / 2 / Math.Max(Math.Abs(own - other) / 2, 1e-4), true);
        Assert.That(statistics.MeanSquareError(exact), Is.LessThan(2.4)); // see EstimatorBiasTests
        Assert.That(statistics.LargestDeviation(exact), Is.LessThan(3.5));
        var reward = Enumeration.ExactGradient(generator, T, Start, End, texts => -judge.forward(texts).SequenceLogits());
        Assert.That(statistics.MeanSquareError(reward), Is.GreaterThan(5), "it is no gradient of the reward");
    }

    /// <summary>The mean of the group has the text itself in it, so that the gradient is that of the reward times 1 - 1/G.</summary>
    [Test]
    public void Dr_grpo_has_the_gradient_of_the_reward_up_to_a_factor()
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        var statistics = Measure(generator, judge, LengthNormalization.None, divides: false);
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => -judge.forward(texts).SequenceLogits() * 0.5);
        Assert.That(statistics.MeanSquareError(exact), Is.LessThan(2.4));
        Assert.That(statistics.LargestDeviation(exact), Is.LessThan(3.5));
        Assert.That(OfPairs(generator, judge, (own, other) => (own - other) / 2, false), Is.EqualTo(exact).Within(1e-5));
    }

    /// <summary>Texts that did not end have no advantage and are not in the means of the others, which are those of the group.</summary>
    [Test]
    public void Masked_texts_count_for_nothing()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([new LeaveOneOutBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), 4), truncated: TruncatedTexts.Mask);
        manual_seed(5);
        var rollout = update.Collect(Request(generator, JudgeOf(judge)));
        var ids = rollout.Texts.Ids.data<long>().ToArray();
        var rewards = judge.forward(rollout.Texts).SequenceLogits().data<float>().ToArray();
        var advantages = rollout.Signals[0].PerToken.data<float>().ToArray();
        bool[] ended = [.. ids.Chunk(T).Select(row => row.Contains(End))];
        Assert.That(ended.Distinct().Count(), Is.EqualTo(2), "some end, some do not");
        for (var i = 0; i < 16; i++)
        {
            double[] others = [.. Enumerable.Range(i / 4 * 4, 4).Where(j => j != i && ended[j]).Select(j => (double)rewards[j])];
            var expected = ended[i] ? rewards[i] - (others.Length == 0 ? 0 : others.Average()) : 0;
            Assert.That(advantages[i * T], Is.EqualTo(expected).Within(1e-5), $"text {i}");
        }
        var figures = update.Figures.ToDictionary(figure => figure.Key, figure => figure.Value.item<float>());
        Assert.That(figures["texts/ended"], Is.EqualTo(ended.Average(one => one ? 1.0 : 0)).Within(1e-6));
        var tokens = ids.Chunk(T).Select(row => Math.Min(T, Array.IndexOf(row, (long)End) is var end && end >= 0 ? end + 1 : T));
        Assert.That(figures["texts/length"], Is.EqualTo(tokens.Average()).Within(1e-6));
        Assert.That(rollout.Texts.Response.sum(1).data<float>().ToArray().Select(one => one > 0), Is.EqualTo(ended));
    }

    /// <summary>All texts cut: no gradient, and nothing that is not finite.</summary>
    [Test]
    public void A_batch_without_an_end_has_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using (no_grad()) generator.Table[TensorIndex.Colon, End].fill_(-50);
        using var normalizer = new NormalizationOptions { Statistics = NormalizationStatistics.Group }.Build();
        using var update = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([new NoBaseline()]),
            new ClippedLoss(0.2, LengthNormalization.Tokens), new RolloutCollector(new SamplingOptions(), 4),
            truncated: TruncatedTexts.Mask);
        var estimate = update.Estimate(Request(generator, JudgeOf(judge, normalizer)));
        Assert.That(Enumeration.GradientOf(estimate.Terms[0].Surrogate(), generator), Is.All.Zero);
        Assert.That(update.Figures.Select(figure => figure.Value.item<float>()), Is.All.Matches<float>(float.IsFinite));
    }
}
