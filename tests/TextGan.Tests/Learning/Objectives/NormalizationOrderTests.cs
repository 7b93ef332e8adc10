using TextGan.Discriminators.Losses;
using TextGan.Tests.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives;

/// <summary>
/// How many advantages a group of G texts can have (as multisets, rounded to 1e-5) over all assignments of K binary rewards to its texts:
/// summing first makes different combinations of rewards alike (GDPO, 2601.05242).
/// </summary>
public sealed class NormalizationOrderTests
{
    static int Distinct(int count, int size, NormalizationOptions options)
    {
        using var scope = NewDisposeScope();
        var sumsFirst = options.Order == NormalizationOrder.SumThenNormalize;
        var assignments = 1L << (count * size);
        var codes = arange(assignments, dtype: int64).unsqueeze(1); // [N,1]
        using var model = new TableDiscriminator(2, 2, 1);
        using var combination = new AdvantageCombination([.. Enumerable.Range(0, sumsFirst ? 1 : count).Select(_ => new NoBaseline())],
            sumsFirst ? options.Build() : null);
        var response = ones([assignments * size, 1], float64);
        TokenCredit[] credits = [.. Enumerable.Range(0, count).Select(k =>
        {
            var bits = arange(k * size, (k + 1) * size, dtype: int64); // [G]
            var rewards = codes.bitwise_right_shift(bits).bitwise_and(tensor(1L)).to_type(float64).reshape(-1); // [N·G]
            return new TokenCredit(rewards.unsqueeze(1), rewards, null) { GroupSize = size };
        })];
        JudgeSignal[] signals = [.. credits.Select((credit, k) => combination.Of(k, new Judge($"{k}", model, new NonSaturatingLoss(), CPU,
            sumsFirst ? null : options.Build(), _ => throw new InvalidOperationException()), credit, response, response))];
        var weights = Enumerable.Repeat(1.0, count).ToArray();
        var advantages = combination.Together(signals, credits[0], response, response)(weights).view(-1, size); // [N,G]
        var rounded = (advantages.sort(1).Values * 1e5).round().to_type(int64).data<long>().ToArray();
        return rounded.Chunk(size).Select(group => string.Join(' ', group)).ToHashSet().Count;
    }

    [TestCase(2, 2, 2, 3, 3)]
    [TestCase(2, 4, 7, 10, 14)]
    [TestCase(2, 8, 29, 36, 81)]
    [TestCase(3, 4, 14, 20, 45)]
    [TestCase(3, 6, 46, 56, 254)]
    public void Orders_tell_so_many_advantages_apart(int count, int size, int sumFirst, int sumLessMean, int normalizedFirst)
    {
        var options = new NormalizationOptions { Statistics = NormalizationStatistics.Group, SmallestDeviation = 1e-12 };
        var sum = options with { Order = NormalizationOrder.SumThenNormalize };
        Assert.That((Distinct(count, size, sum), Distinct(count, size, sum with { Divide = false }), Distinct(count, size, options)),
            Is.EqualTo((sumFirst, sumLessMean, normalizedFirst)));
    }
}
