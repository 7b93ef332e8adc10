using TextGan.Generators.Search;
using TextGan.Tests.Generators.Sampling;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Search;

public sealed class GuidedDecodingTests
{
    const double Weight = 1.5;

    static long[] Counts(SearchCase known, PrefixValue value)
    {
        manual_seed(2);
        var counts = new long[known.Rows.Length];
        var found = new GuidedDecoding(0, Weight).Find(known.Request(5000, value));
        foreach (var row in found.Texts.Ids.data<long>().ToArray().Chunk(SearchCase.T)) counts[known.NumberOf(row)]++;
        return counts;
    }

    /// <summary>With the soft reward of each beginning as its value, the texts are draws from p(x) exp(w r(x)) / Z.</summary>
    [Test]
    public void With_exact_values_it_draws_from_the_tilted_distribution()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        double Mass(int i) => known.Probabilities[i] * Math.Exp(Weight * known.Rewards[i]);
        var soft = known.Value(texts => Math.Log(texts.Sum(Mass) / texts.Sum(i => known.Probabilities[i])) / Weight);
        double[] target = [.. Enumerable.Range(0, known.Rows.Length).Select(Mass)];
        target = [.. target.Select(mass => mass / target.Sum())];
        ChiSquare.AssertFits(Counts(known, soft), target, "soft values");
        Assert.That(() => ChiSquare.AssertFits(Counts(known, known.Value(_ => 0)), target, "no values"),
            Throws.TypeOf<AssertionException>(), "values of beginnings must matter");
    }

    /// <summary>The root, and two candidates after the first and the second token; of the third both are whole texts.</summary>
    [Test]
    public void Counts_of_two_candidates()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        var cost = new GuidedDecoding(2).Find(known.Request(1, known.Highest)).Costs[0];
        Assert.That((cost.Tokens, cost.Judged, cost.Nodes), Is.EqualTo((1 + 2 + 2, 2, 3)));
    }

    /// <summary>Every reward is above the threshold; the first texts are judged at the third step.</summary>
    [Test]
    public void The_step_that_reaches_the_threshold_counts()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        var cost = new GuidedDecoding(2).Find(known.Request(1, known.Highest, threshold: -100)).Costs[0];
        Assert.That(cost.NodesToReach, Is.EqualTo(3));
    }

    [Test]
    public void It_needs_values()
    {
        using var known = new SearchCase();
        Assert.That(() => new GuidedDecoding(2).Find(known.Request(1)), Throws.ArgumentException);
    }
}
