using TextGan.Tests.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives;

/// <summary>The rewards 1, 3, 5, 5 in groups of two, by hand.</summary>
public sealed class SignalNormalizerTests
{
    static double[] Of(NormalizationStatistics statistics, bool divides = true, params float[] rewards)
    {
        using var scope = NewDisposeScope();
        using var normalizer = new SignalNormalizer(0.5, statistics, 1e-4, divides);
        return GeneratorCases.Doubles(normalizer.Normalize(tensor(rewards.Length > 0 ? rewards : [1, 3, 5, 5]), null, 2));
    }

    /// <summary>Mean 3.5, variance (6.25 + 0.25 + 2.25 + 2.25)/4 = 2.75.</summary>
    [TestCase(NormalizationStatistics.Batch)]
    [TestCase(NormalizationStatistics.Earlier)] // the first batch stands for the earlier ones
    public void Of_the_batch(NormalizationStatistics statistics) =>
        Assert.That(Of(statistics), Is.EqualTo(new[] { -2.5, -0.5, 1.5, 1.5 }.Select(x => x / Math.Sqrt(2.75))).Within(1e-5));

    /// <summary>Means 2 and 5, deviations 1 and 0: the floor keeps equal rewards at 0 (GRPO's advantages).</summary>
    [Test]
    public void Of_each_group() => Assert.That(Of(NormalizationStatistics.Group), Is.EqualTo(new[] { -1.0, 1, 0, 0 }).Within(1e-6));

    /// <summary>Dr. GRPO's: means 2 and 7; with division the second group would be -1, 1 as well.</summary>
    [Test]
    public void Without_division() =>
        Assert.That(Of(NormalizationStatistics.Group, false, 1, 3, 5, 9), Is.EqualTo(new[] { -1.0, 1, -2, 2 }).Within(1e-6));
}
