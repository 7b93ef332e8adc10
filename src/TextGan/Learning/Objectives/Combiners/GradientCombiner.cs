namespace TextGan.Learning.Objectives.Combiners;

/// <summary>A combiner that mixes the terms' gradients: one backward pass per term.</summary>
/// <param name="weights">The configured weight of each term by name; gradients are scaled by it before they are mixed.</param>
public abstract class GradientCombiner(IReadOnlyDictionary<string, double> weights) : Combiner
{
    /// <summary>The weighted gradients [K,P] → the generator's gradient [P]. Without a graph.</summary>
    protected abstract Tensor Mix(Tensor gradients, long step);

    public sealed override IReadOnlyList<double> Combine(TermGradients terms, long step)
    {
        double[] used = [.. terms.Terms.Select(term => weights[term.Name])];
        using var scope = NewDisposeScope();
        using var matrix = terms.Matrix(); // [K,P]
        using var _ = no_grad();
        terms.Apply(Mix(matrix * tensor(used, matrix.dtype, matrix.device).unsqueeze(1), step));
        return used;
    }
}
