using TextGan.Generators.Search;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Search;

public sealed class TreeSearchTests
{
    /// <summary>Q + c P √N / (1 + n) by hand, with values between 0.2 and 1.</summary>
    [Test]
    public void The_formula_by_hand()
    {
        var root = new TreeNode([]);
        root.Expand([7, 8, 9], [0.5, 0.3, 0.2]);
        root.Add(0.2);
        Assert.That(root.Select(1, 0.2, 0.2).Prefix, Is.EqualTo(new long[] { 7 }), "c P √1: 0.5, 0.3, 0.2");
        var seven = root.Select(1, 0.2, 0.2);
        seven.Add(1);
        root.Add(1);
        Assert.That(root.Select(1, 0.2, 1), Is.SameAs(seven), "1 + 0.5 √2 / 2 = 1.35 against 0.3 √2 = 0.42");
        seven.Add(0.2);
        root.Add(0.2);
        Assert.That(seven.Mean, Is.EqualTo(0.6).Within(1e-12));
        Assert.That(root.Select(1, 0.2, 1), Is.SameAs(seven), "0.5 + 0.5 √3 / 3 = 0.79 against 0.3 √3 = 0.52");
        Assert.That(root.Select(4, 0.2, 1).Prefix, Is.EqualTo(new long[] { 8 }), "0.5 + 4 · 0.5 √3 / 3 = 1.65 against 4 · 0.3 √3 = 2.08");
        Assert.That(root.MostVisited, Is.SameAs(seven));
    }

    [TestCase(TreePrior.Generator, 1.0)]
    [TestCase(TreePrior.Uniform, 1.0)]
    [TestCase(TreePrior.Generator, 0.5)]
    [TestCase(TreePrior.Uniform, 0.0)]
    public void Many_simulations_find_the_best_text(TreePrior prior, double rollout)
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        manual_seed(1);
        var found = new TreeSearch(300, prior: prior, rollout: rollout).Find(known.Request(4, known.Highest));
        Assert.That(SearchSession.Numbers(found.Rewards), Is.All.EqualTo(known.Best).Within(1e-6));
        Assert.That(found.Costs.Select(cost => cost.Nodes), Is.All.LessThanOrEqualTo(1 + 3 + 9), "only so many beginnings can be expanded");
        var one = new TreeSearch(1, prior: prior, rollout: rollout).Find(known.Request(40, known.Highest));
        Assert.That(SearchSession.Numbers(one.Rewards).Average(), Is.LessThan(known.Best - 0.2), "a single one does not");
    }

    /// <summary>Exact values lead to the best text in fewer nodes than values of 0.</summary>
    [Test]
    public void Values_save_nodes()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        double Nodes(PrefixValue value) => new TreeSearch(100, 0.5, TreePrior.Uniform, rollout: 0)
            .Find(known.Request(1, value, known.Best - 1e-4)).Costs[0].NodesToReach ?? 100;
        Assert.That(Nodes(known.Value(_ => 0)), Is.GreaterThan(Nodes(known.Highest)));
    }

    /// <summary>
    /// Texts have no end. A rollout reads 3 tokens, whatever it begins with; without one, a beginning of d tokens reads d + 1.
    /// </summary>
    [Test]
    public void Counts_by_hand()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        (long, long, long) Cost(int simulations, double rollout)
        {
            manual_seed(1);
            var cost = new TreeSearch(simulations, rollout: rollout).Find(known.Request(1, known.Value(_ => 0))).Costs[0];
            return (cost.Tokens, cost.Judged, cost.Nodes);
        }
        Assert.That(Cost(3, rollout: 1), Is.EqualTo((9, 3, 3)));
        Assert.That(Cost(1, rollout: 0), Is.EqualTo((1 + 3, 1, 1)), "the root, and a text that is drawn because none was found");
        Assert.That(Cost(2, rollout: 0), Is.EqualTo((1 + 2 + 3, 1, 2)));
    }

    /// <summary>Of one token after each beginning only the greedy text is left.</summary>
    [Test]
    public void The_most_probable_tokens_alone_are_tried()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        var found = new TreeSearch(50, topK: 1, rollout: 0).Find(known.Request(1, known.Highest));
        Assert.That(found.Texts.Ids.eq(new BeamSearch(1).Find(known.Request(1)).Texts.Ids).all().item<bool>());
        Assert.That((found.Costs[0].Judged, found.Costs[0].Nodes), Is.EqualTo((1, 3)));
    }

    /// <summary>The second simulation goes to the most probable first token, behind which each text is drawn.</summary>
    [Test]
    public void What_no_simulation_has_completed_is_drawn_behind_the_most_visited_beginning()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        manual_seed(1);
        var ids = new TreeSearch(2, rollout: 0).Find(known.Request(50, known.Value(_ => 0))).Texts.Ids;
        Assert.That(ids.select(1, 0).data<long>().ToArray(), Is.All.EqualTo(known.Generator.Table[0].argmax().item<long>()));
        Assert.That(ids.select(1, 1).data<long>().ToArray().Distinct().Count(), Is.GreaterThan(1));
    }

    /// <summary>A text that comes to its end in the tree is judged once, however often simulations come there.</summary>
    [Test]
    public void Whole_texts_are_judged_once()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        var found = new TreeSearch(400, rollout: 0).Find(known.Request(1, known.Highest));
        Assert.That(found.Costs[0].Judged, Is.LessThanOrEqualTo(known.Rows.Length));
    }
}
