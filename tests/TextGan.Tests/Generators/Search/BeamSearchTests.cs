using TextGan.Generators.Search;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Search;

public sealed class BeamSearchTests
{
    /// <summary>
    /// A beam that keeps everything judges each text once: 1 + 3 that end + 9 · 4. It reads the beginnings of 0, 1 and 2 tokens that have
    /// not ended: 1 + 3 + 9.
    /// </summary>
    [Test]
    public void As_wide_as_all_texts_it_finds_the_best()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        var found = new BeamSearch(64).Find(known.Request(2));
        Assert.That(SearchSession.Numbers(found.Rewards), Is.All.EqualTo(known.Best).Within(1e-6));
        var cost = found.Costs[0];
        Assert.That((cost.Judged, cost.Tokens, cost.Nodes), Is.EqualTo((40, 13, 13)));
        Assert.That(found.Judged.Ids.data<long>().ToArray().Chunk(SearchCase.T).Select(known.NumberOf).Distinct().Count(),
            Is.EqualTo(known.Rows.Length));
    }

    /// <summary>Width 1 follows the most probable token of each row of the table.</summary>
    [Test]
    public void Of_width_1_it_is_greedy()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        var next = known.Generator.Table.argmax(1).data<long>().ToArray();
        long[] greedy = [next[0], next[next[0]], next[next[next[0]]]];
        var found = new BeamSearch(1).Find(known.Request(1));
        Assert.That(found.Texts.Ids.data<long>().ToArray(), Is.EqualTo(greedy));
        Assert.That((found.Costs[0].Judged, found.Costs[0].Tokens, found.Costs[0].Nodes), Is.EqualTo((1, 3, 3)));
    }

    /// <summary>
    /// With the exact best reward of each beginning and a weight that outvotes log p, the children of the best beginning fill a beam of
    /// width V; with the values negated they do not.
    /// </summary>
    [Test]
    public void Values_lead_it([Values] bool negated)
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        PrefixValue value = negated ? prefixes => -known.Highest(prefixes) : known.Highest;
        var found = new BeamSearch(SearchCase.V, weight: 1000).Find(known.Request(1, value));
        Assert.That(SearchSession.Numbers(found.Rewards)[0], negated ? Is.LessThan(known.Best - 0.1) : Is.EqualTo(known.Best).Within(1e-6));
    }
}
