namespace TextGan.Generators.Search;

/// <summary>A beginning of a text in a search tree, with the tokens that may follow it.</summary>
/// <param name="prefix">Its tokens.</param>
public sealed class TreeNode(long[] prefix)
{
    long[] tokens = []; // that may follow
    double[] priors = [];
    TreeNode?[] children = []; // null: never tried

    public long[] Prefix => prefix;

    /// <summary>How many simulations came here.</summary>
    public int Visits { get; private set; }

    /// <summary>The mean value of those simulations.</summary>
    public double Mean { get; private set; }

    /// <summary>The reward of a whole text that was judged; else null.</summary>
    public double? Reward { get; set; }

    /// <summary>Whether it is known what may follow.</summary>
    public bool IsExpanded => tokens.Length > 0;

    /// <summary>The child that most simulations came to, the first of equal ones; null where there is none.</summary>
    public TreeNode? MostVisited => children.OfType<TreeNode>().MaxBy(child => child.Visits);

    public void Expand(long[] tokens, double[] priors) =>
        (this.tokens, this.priors, children) = (tokens, priors, new TreeNode?[tokens.Length]);

    /// <summary>The child with the highest Q + c P √N / (1 + n), the first of equal ones; made where it was never tried.</summary>
    /// <param name="exploration">c.</param>
    /// <param name="low">The smallest value that the tree has seen, where Q is 0.</param>
    /// <param name="high">The largest one, where Q is 1.</param>
    public TreeNode Select(double exploration, double low, double high)
    {
        var (best, most, root) = (0, double.NegativeInfinity, Math.Sqrt(Visits));
        for (var i = 0; i < tokens.Length; i++)
        {
            var child = children[i];
            var quality = child is null || high <= low ? 0 : (child.Mean - low) / (high - low);
            var score = quality + exploration * priors[i] * root / (1 + (child?.Visits ?? 0));
            if (score > most) (best, most) = (i, score);
        }
        return children[best] ??= new TreeNode([.. prefix, tokens[best]]);
    }

    /// <summary>A simulation came here and had this value.</summary>
    public void Add(double value) => Mean += (value - Mean) / ++Visits;
}
