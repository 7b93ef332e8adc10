namespace TextGan.Learning.Objectives.Combiners;

/// <summary>A combiner that weighs terms by their names and values: L = Σ w_k L_k, one backward pass.</summary>
public abstract class ValueCombiner : Combiner
{
    /// <summary>The weight of each term, in their order. <see cref="TermGradients.Values"/> waits for the device.</summary>
    public abstract IReadOnlyList<double> Weights(TermGradients terms, long step);

    public sealed override IReadOnlyList<double> Combine(TermGradients terms, long step)
    {
        var weights = Weights(terms, step);
        terms.Backward(weights);
        return weights;
    }
}
