using TextGan.Generators.Search;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Search;

public sealed class BestOfNTests
{
    /// <summary>E[max of n] = Σ r_(i) (F_i^n - F_(i-1)^n), with F the distribution function of the reward.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    public void The_mean_maximum_is_the_exact_one(int n)
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        manual_seed(1);
        var found = SearchSession.Numbers(new BestOfN(n).Find(known.Request(3000)).Rewards);
        var (expected, below) = (0.0, 0.0);
        foreach (var i in Enumerable.Range(0, known.Rewards.Length).OrderBy(i => known.Rewards[i]))
        {
            expected += known.Rewards[i] * (Math.Pow(below + known.Probabilities[i], n) - Math.Pow(below, n));
            below += known.Probabilities[i];
        }
        var mean = found.Average();
        var error = Math.Sqrt(found.Sum(x => (x - mean) * (x - mean)) / found.Length / (found.Length - 1));
        Assert.That(mean, Is.EqualTo(expected).Within(4 * error));
        var plain = known.Rewards.Zip(known.Probabilities, (r, p) => r * p).Sum();
        if (n > 1) Assert.That(Math.Abs(mean - plain), Is.GreaterThan(8 * error), "a search that does not choose would be found out");
    }

    [Test]
    public void Each_search_pays_for_its_own_texts()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        manual_seed(1);
        var threshold = known.Best - 0.01;
        var found = new BestOfN(3).Find(known.Request(5, threshold: threshold));
        var (lengths, rewards) = (SearchSession.Numbers(found.Judged.Mask.sum(1)), SearchSession.Numbers(found.JudgedRewards));
        for (var b = 0; b < 5; b++)
        {
            Assert.That(found.Costs[b].Tokens, Is.EqualTo(lengths[(3 * b)..(3 * b + 3)].Sum()), "a text of L tokens takes L distributions");
            Assert.That((found.Costs[b].Judged, found.Costs[b].Nodes), Is.EqualTo((3, 3)));
            Assert.That(SearchSession.Numbers(found.Rewards)[b], Is.EqualTo(rewards[(3 * b)..(3 * b + 3)].Max()));
            var first = Array.FindIndex(rewards[(3 * b)..(3 * b + 3)], reward => reward >= threshold);
            Assert.That(found.Costs[b].NodesToReach, Is.EqualTo(first < 0 ? (long?)null : first + 1));
        }
        Assert.That(SearchSession.Numbers(known.Reward(found.Texts)), Is.EqualTo(SearchSession.Numbers(found.Rewards)).Within(1e-6));
    }

    /// <summary>More than are drawn at once.</summary>
    [Test]
    public void Many_texts_are_drawn_in_parts()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        Assert.That(new BestOfN(1500).Find(known.Request(1)).Costs[0].Judged, Is.EqualTo(1500));
    }

    /// <summary>An opening of two tokens that holds the end is a whole text: there is nothing to draw, and it is judged once.</summary>
    [Test]
    public void A_text_that_ends_in_its_opening_is_paid_for_once()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        manual_seed(1);
        var found = new BestOfN(4, opening: 2).Find(known.Request(50));
        var lengths = SearchSession.Numbers(found.Texts.Mask.sum(1));
        Assert.That(lengths, Has.Some.LessThanOrEqualTo(2).And.Some.EqualTo(3));
        for (var b = 0; b < 50; b++)
            Assert.That((found.Costs[b].Judged, found.Costs[b].Tokens),
                Is.EqualTo(lengths[b] <= 2 ? (1, (long)lengths[b]) : (4, 2L + 4 * 3)), $"{b}");
    }
}
