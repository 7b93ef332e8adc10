using TextGan.Discriminators.Losses;
using TextGan.Tests.Learning;
using TextGan.Tests.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives;

/// <summary>
/// Two discriminators with the weights 1 and 2 and the rewards a = 1, 3, 5, 5 and b = 0, 0, 2, 6 of four texts in groups of two. a has the
/// mean 3.5 and variance 2.75, in its groups 2 and 5, deviations 1 and 0; b the mean 2 and variance 6, in its groups 0 and 4, deviations 0
/// and 2. a + 2b = 1, 3, 9, 17 has the mean 7.5 and variance 38.75, in its groups 2 and 13, deviations 1 and 4.
/// </summary>
public sealed class AdvantageCombinationTests
{
    static readonly double[] A = [1, 3, 5, 5], B = [0, 0, 2, 6];

    static double[] Of(NormalizationOptions? options, Baseline baseline, int? groupSize = 2)
    {
        using var scope = NewDisposeScope();
        using var judge = new TableDiscriminator(2, 2, 1);
        var first = options is { Order: NormalizationOrder.SumThenNormalize } ? null : options;
        var judges = Enumerable.Range(0, 2).Select(k =>
            new Judge($"{k}", judge, new NonSaturatingLoss(), CPU, first?.Build(), _ => throw new InvalidOperationException()))
                .ToArray();
        using var combination = new AdvantageCombination(first == options ? [baseline, baseline] : [baseline], first == options ? null
            : options!.Build());
        var response = tensor(new[] { 1f, 1, 1, 1, 1, 0, 1, 1 }).view(4, 2);
        Tensor Together(params double[][] rewards)
        {
            TokenCredit[] credits = [.. rewards.Select(reward => tensor(reward, float32))
                .Select(reward => new TokenCredit(reward.unsqueeze(1).expand(4, 2), reward, null) { GroupSize = groupSize })];
            var signals = credits.Select((credit, k) => combination.Of(k, judges[k], credit, response, response)).ToArray();
            return combination.Together(signals, credits[0], response, response)([1, 2]);
        }
        // means 1 and 2, deviations 1 and 2
        if (options is { Statistics: NormalizationStatistics.Earlier }) Together([0, 2, 0, 2], [4, 4, 0, 0]);
        var advantages = GeneratorCases.Doubles(Together(A, B));
        Assert.That(advantages[5], Is.Zero, "outside of the response");
        advantages[5] = advantages[4];
        Assert.That(advantages.Where((_, i) => i % 2 == 1), Is.EqualTo(advantages.Where((_, i) => i % 2 == 0)),
            "a text's tokens have one advantage");
        return [.. advantages.Where((_, i) => i % 2 == 0)];
    }

    static IEnumerable<TestCaseData> Cases()
    {
        static TestCaseData Case(NormalizationOrder order, NormalizationStatistics statistics, params double[] expected) =>
            new TestCaseData(new NormalizationOptions { Order = order, Statistics = statistics }, expected)
                .SetArgDisplayNames($"{order}, {statistics}");
        var (a, b, sum) = (Math.Sqrt(2.75), Math.Sqrt(6), Math.Sqrt(38.75));
        // (-1, 1, 0, 0) + 2 (0, 0, -1, 1)
        yield return Case(NormalizationOrder.NormalizeThenSum, NormalizationStatistics.Group, -1, 1, -2, 2);
        yield return Case(NormalizationOrder.NormalizeThenSum, NormalizationStatistics.Batch, -2.5 / a - 4 / b, -0.5 / a - 4 / b, 1.5 / a,
            1.5 / a + 8 / b);
        yield return Case(NormalizationOrder.NormalizeThenSum, NormalizationStatistics.Earlier, -2, 0, 4, 8); // (a - 1)/1 + 2 (b - 2)/2
        yield return Case(NormalizationOrder.SumThenNormalize, NormalizationStatistics.Group, -1, 1, -1, 1);
        yield return Case(NormalizationOrder.SumThenNormalize, NormalizationStatistics.Batch, -6.5 / sum, -4.5 / sum, 1.5 / sum, 9.5 / sum);
        // The earlier sum is 8, 10, 0, 2: mean 5, variance (9 + 25 + 25 + 9)/4 = 17.
        yield return Case(NormalizationOrder.SumThenNormalize, NormalizationStatistics.Earlier,
            [.. new double[] { -4, -2, 4, 12 }.Select(difference => difference / Math.Sqrt(17))]);
        yield return new TestCaseData(new NormalizationOptions { Statistics = NormalizationStatistics.Group, SmallestDeviation = 2 },
            new[] { -0.5, 0.5, -2, 2 })
            .SetArgDisplayNames("a floor of 2 below a's deviation of 1");
        foreach (var order in Enum.GetValues<NormalizationOrder>())
        {
            yield return new TestCaseData(
                new NormalizationOptions { Order = order, Statistics = NormalizationStatistics.Group, Divide = false },
                    new double[] { -1, 1, -4, 4 })
                .SetArgDisplayNames($"{order}, no division (Dr. GRPO)");
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Orders_and_statistics(NormalizationOptions options, double[] expected) =>
        Assert.That(Of(options, new NoBaseline()), Is.EqualTo(expected).Within(1e-5));

    /// <summary>a less the other's is (-2, 2, 0, 0), b (0, 0, -4, 4).</summary>
    [Test]
    public void Leave_one_out_in_groups() =>
        Assert.That(Of(null, new LeaveOneOutBaseline()), Is.EqualTo(new[] { -2.0, 2, -8, 8 }).Within(1e-5));

    /// <summary>Of all four: (4 r_i - Σ r)/3 with the sum 30 of a + 2b.</summary>
    [Test]
    public void Leave_one_out_in_the_batch() =>
        Assert.That(Of(null, new LeaveOneOutBaseline(), groupSize: null), Is.EqualTo(new[] { -26 / 3.0, -6, 2, 38 / 3.0 }).Within(1e-5));
}
