namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// Turns named terms into one gradient on the generator's parameters. A combiner of values derives from <see cref="ValueCombiner"/> and
/// takes one backward pass; one of gradients derives from <see cref="GradientCombiner"/> and takes one per term. What it learns is saved in
/// checkpoints.
/// </summary>
public abstract class Combiner : LearningPart
{
    /// <summary>
    /// Leaves the combined gradient in the parameters and returns the weight that each term had, in the terms' order.
    /// Weights are numbers, detached from the graph.
    /// </summary>
    public abstract IReadOnlyList<double> Combine(TermGradients terms, long step);

    /// <summary><see cref="Combine"/>, checked where a plug-in brought the combiner.</summary>
    internal IReadOnlyList<double> CheckedCombine(TermGradients terms, long step)
    {
        var weights = Combine(terms, step);
        if (PluginComponent.OfBuilt(this) is not { } origin) return weights;
        if (origin.NotNull(this, nameof(Combine), weights).Count != terms.Terms.Count)
            throw origin.Fault(this, nameof(Combine),
                $"gave {Amount.Of(weights.Count, "weight")} for {Amount.Of(terms.Terms.Count, "term")}.");
        foreach (var (term, weight) in terms.Terms.Zip(weights))
        {
            if (!double.IsFinite(weight))
                throw origin.Fault(this, nameof(Combine), $"gave the term '{term.Name}' the weight {weight}; a finite number is needed.");
        }
        return weights;
    }
}
