using TextGan.Discriminators.Losses;
using TextGan.Generators.Sampling;
using TextGan.Learning.Updates.Losses;
using TextGan.Tests.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Rewards;

/// <summary>σ(δ (0.5 - rank/B)) by hand.</summary>
public sealed class RankRescalingTests
{
    static double Value(double rank, double of, double smoothness) => 1 / (1 + Math.Exp(-smoothness * (0.5 - rank / of)));

    [Test]
    public void The_highest_has_rank_1_and_equal_ones_share_their_ranks()
    {
        using var scope = NewDisposeScope();
        var returns = tensor(new float[,] { { 3, -1 }, { 1, 5 }, { 2, 0 }, { 2, 7 } });
        var found = GeneratorCases.Doubles(RankRescaling.Of(returns, null, null, 4));
        double[] ranks = [1, 4, 4, 2, 2.5, 3, 2.5, 1]; // of both positions, text by text
        Assert.That(found, Is.EqualTo(ranks.Select(rank => Value(rank, 4, 4))).Within(1e-6));
        Assert.That(found[0], Is.EqualTo(0.731059).Within(1e-6), "σ(1)");
    }

    [Test]
    public void A_group_is_ranked_by_itself()
    {
        using var scope = NewDisposeScope();
        var returns = tensor(new float[] { 3, 1, 20, 10 }).unsqueeze(1);
        Assert.That(GeneratorCases.Doubles(RankRescaling.Of(returns, null, 2, 16)),
            Is.EqualTo(new[] { Value(1, 2, 16), Value(2, 2, 16), Value(1, 2, 16), Value(2, 2, 16) }).Within(1e-6));
    }

    [Test]
    public void What_does_not_count_has_no_rank()
    {
        using var scope = NewDisposeScope();
        var returns = tensor(new float[] { 3, 99, -2, -99 }).unsqueeze(1);
        var counted = tensor(new float[] { 1, 0, 1, 0 }).unsqueeze(1);
        var found = GeneratorCases.Doubles(RankRescaling.Of(returns, counted, null, 16));
        Assert.That((found[0], found[2]), Is.EqualTo((Value(1, 2, 16), Value(2, 2, 16))).Within(1e-6));
    }

    /// <summary>In the estimator: of one text's reward for all its tokens, before the baseline; the logged reward stays.</summary>
    [Test]
    public void The_estimator_learns_from_ranks()
    {
        const int V = 4, T = 3;
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        var judge = new Judge("judge", table, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException());
        using var update = new PolicyGradientUpdate(
            new LogitReward(), new SequenceCredit(), new AdvantageCombination([new NoBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null), weights: new Dictionary<string, double> { ["judge"] = 0.5 },
            rescaling: new RankRescalingOptions { Smoothness = 6 });
        var request = new RolloutRequest(generator, [judge], 12, T, 0, 0, 0, 1, NeedsLogits: false);
        manual_seed(5);
        var rollout = update.Collect(request);
        var rewards = table.forward(rollout.Texts).SequenceLogits().data<float>().ToArray();
        var advantages = rollout.Signals[0].PerToken; // [12,T]
        for (var i = 0; i < 12; i++)
        {
            var (above, equal) = (rewards.Count(one => one > rewards[i]), rewards.Count(one => one == rewards[i]));
            Assert.That(advantages[i, 0].item<float>(), Is.EqualTo(Value(above + (equal + 1) / 2.0, 12, 6)).Within(1e-5), $"text {i}");
        }
        Assert.That(rollout.Signals[0].Value.item<float>(), Is.EqualTo(-rewards.Average()).Within(1e-5));
        var batch = update.Estimate(request, rollout, 0).Generated;
        Assert.That(GeneratorCases.MaxDifference(batch.Advantages!, advantages * 0.5), Is.LessThan(1e-6), "at the configured weight");
    }
}
