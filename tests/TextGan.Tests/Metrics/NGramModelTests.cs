using TextGan.Data;
using TextGan.Metrics;

namespace TextGan.Tests.Metrics;

public class NGramModelTests
{
    /// <summary>
    /// Of "1 2 1 2 1" by hand: p(1) = (3 + 2/2)/7 = 4/7; p(1 | begin) = (1 + 4/7)/2 = 11/14; p(2 | 1) = (2 + 3/7)/3 = 17/21;
    /// p(1 | 1) = (4/7)/3 = 4/21; p(3), never read, with 3 tokens: (0 + 2/3)/7 = 2/21.
    /// </summary>
    [Test]
    public void Probabilities_by_hand()
    {
        var model = new NGramModel([[1, 2, 1, 2, 1]], 2, [1, 2]);
        Assert.That(Math.Exp(model.LogProbability([1])), Is.EqualTo(11.0 / 14).Within(1e-12));
        Assert.That(Math.Exp(model.LogProbability([1, 2])), Is.EqualTo(11.0 / 14 * 17 / 21).Within(1e-12));
        Assert.That(Math.Exp(model.LogProbability([1, 1])), Is.EqualTo(11.0 / 14 * 4 / 21).Within(1e-12));
        Assert.That(Math.Exp(new NGramModel([[1, 2, 1, 2, 1]], 1, [1, 2, 3]).LogProbability([3])), Is.EqualTo(2.0 / 21).Within(1e-12));
    }

    [Test]
    public void It_is_a_distribution_and_draws_from_it([Values(1, 2, 3)] int order)
    {
        var model = new NGramModel([[1, 2, 3, 1, 2, 2], [3, 1, 1], [2, 2]], order, [1, 2, 3]);
        int[][] all = [.. from a in (int[])[1, 2, 3] from b in (int[])[1, 2, 3] from c in (int[])[1, 2, 3] select (int[])[a, b, c]];
        var expected = all.Select(text => Math.Exp(model.LogProbability(text))).ToArray();
        Assert.That(expected.Sum(), Is.EqualTo(1).Within(1e-12));
        var (random, count) = (new SeededRandom(3, "test"), 20_000);
        var drawn = Enumerable.Range(0, count).Select(_ => string.Concat(model.Draw(3, random))).CountBy(text => text).ToDictionary();
        var chi = all.Zip(expected, (text, p) =>
            Math.Pow(drawn.GetValueOrDefault(string.Concat(text)) - (p * count), 2) / (p * count)).Sum();
        Assert.That(chi, Is.LessThan(54.1), "26 degrees of freedom, p = .001");
    }
}
