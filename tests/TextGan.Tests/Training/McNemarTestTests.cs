using TextGan.Training;

namespace TextGan.Tests.Training;

public sealed class McNemarTestTests
{
    /// <summary>
    /// By hand: 2 (C(12,0) + C(12,1) + C(12,2)) / 2^12 = 2 · 79 / 4096; 2 · 1 / 2^5; 2 (1 + 6 + 15 + 20) / 64 is more than 1.
    /// </summary>
    [TestCase(2, 10, 158 / 4096.0)]
    [TestCase(10, 2, 158 / 4096.0)]
    [TestCase(0, 5, 1 / 16.0)]
    [TestCase(3, 3, 1)]
    [TestCase(0, 0, 1)]
    public void ExactByHand(int first, int second, double expected) =>
        Assert.That(McNemarTest.PValue(first, second), Is.EqualTo(expected).Within(1e-12));

    /// <summary>Of thousands of pairs: no overflow; by the same sum in whole numbers of any size.</summary>
    [Test]
    public void OfManyPairs() => Assert.That(McNemarTest.PValue(2000, 2200), Is.EqualTo(0.0021323557).Within(1e-9));
}
