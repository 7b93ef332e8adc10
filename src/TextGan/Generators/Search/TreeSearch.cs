namespace TextGan.Generators.Search;

/// <summary>Monte-Carlo tree search (<see cref="TreeOptions"/>): B trees, one simulation of each at a time.</summary>
public sealed class TreeSearch(
    int simulations, double exploration = 1.5, TreePrior prior = TreePrior.Generator, int topK = 0, double rollout = 1, int opening = 0)
    : TextSearch(opening)
{
    public override bool NeedsValue => rollout < 1;

    protected override IReadOnlyList<int> Choose(SearchSession session)
    {
        Tree[] trees = [.. session.Open().SelectMany(owners => owners).Order().Select(owner => new Tree(owner, session.Roots[owner]))];
        for (var i = 0; i < simulations && trees.Length > 0; i++) Simulate(session, trees);
        Complete(session, [.. trees.Where(tree => session.Best[tree.Owner] < 0)]);
        return session.Best;
    }

    void Simulate(SearchSession session, Tree[] trees)
    {
        using var scope = NewDisposeScope();
        foreach (var tree in trees) tree.Descend(exploration);
        var ends = trees.Where(tree => session.IsComplete(tree.Leaf.Prefix, tree.Owner)).ToLookup(tree => tree.Leaf.Reward is null);
        Tree[] whole = [.. ends[true]]; // for the first time
        if (whole.Length > 0)
        {
            var first = session.Judge(session.RowsOf([.. whole.Select(tree => tree.Leaf.Prefix)]), [.. whole.Select(tree => tree.Owner)]);
            for (var n = 0; n < whole.Length; n++) whole[n].Leaf.Reward = session.RewardOf(first + n);
        }
        foreach (var tree in ends[true].Concat(ends[false])) tree.Add(tree.Leaf.Reward!.Value);
        Tree[] open = [.. trees.Except(ends[true]).Except(ends[false])];
        if (open.Length > 0) Expand(session, open);
    }

    /// <summary>Makes the leaves of N trees known, and adds their values.</summary>
    void Expand(SearchSession session, Tree[] trees)
    {
        long[][] prefixes = [.. trees.Select(tree => tree.Leaf.Prefix)];
        int[] owners = [.. trees.Select(tree => tree.Owner)];
        var (hidden, ids) = session.Read(prefixes, owners, until: rollout > 0 ? session.Request.Length : 0);
        foreach (var owner in owners) session.Costs[owner].Nodes++;
        var values = new double[trees.Length];
        if (rollout < 1)
        {
            var lengths = session.Ids([.. prefixes.Select(prefix => (long)prefix.Length)]);
            var learnt = SearchSession.Numbers(session.Request.Value!(new Prefixes(ids, lengths, hidden)));
            for (var n = 0; n < values.Length; n++) values[n] = (1 - rollout) * learnt[n];
        }
        if (rollout > 0)
        {
            var first = session.Judge(ids, owners);
            for (var n = 0; n < values.Length; n++) values[n] += rollout * session.RewardOf(first + n);
        }
        var logs = session.Request.Generator.Logits(hidden).log_softmax(-1); // [N,V]
        var (top, tokens) = logs.topk((int)(topK == 0 ? logs.shape[1] : Math.Min(topK, logs.shape[1])), 1); // [N,k]
        var (flat, priors, k) = (tokens.cpu().data<long>().ToArray(), SearchSession.Numbers(top.exp()), (int)tokens.shape[1]);
        for (var n = 0; n < trees.Length; n++)
        {
            trees[n].Leaf.Expand(flat[(n * k)..((n + 1) * k)],
                prior == TreePrior.Uniform ? [.. Enumerable.Repeat(1.0 / k, k)] : priors[(n * k)..((n + 1) * k)]);
            trees[n].Add(values[n]);
        }
    }

    /// <summary>Draws a text behind the most visited beginning of each tree.</summary>
    static void Complete(SearchSession session, Tree[] trees)
    {
        if (trees.Length == 0) return;
        int[] owners = [.. trees.Select(tree => tree.Owner)];
        session.Judge(session.Read([.. trees.Select(tree => tree.MostVisited.Prefix)], owners, session.Request.Length).Ids, owners);
    }

    /// <summary>The tree of one text, and the way that the present simulation has taken in it.</summary>
    sealed class Tree(int owner, long[] root)
    {
        readonly TreeNode root = new(root);
        readonly List<TreeNode> path = [];
        double low = double.PositiveInfinity, high = double.NegativeInfinity;

        public int Owner => owner;

        public TreeNode Leaf => path[^1];

        public TreeNode MostVisited
        {
            get
            {
                var node = root;
                while (node.MostVisited is { } next) node = next;
                return node;
            }
        }

        public void Descend(double exploration)
        {
            path.Clear();
            path.Add(root);
            while (Leaf.IsExpanded) path.Add(Leaf.Select(exploration, low, high));
        }

        public void Add(double value)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
            foreach (var node in path) node.Add(value);
        }
    }
}
