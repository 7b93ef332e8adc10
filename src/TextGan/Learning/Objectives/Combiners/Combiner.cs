using TextGan.Storage;

namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// Turns named terms into one gradient on the generator's parameters. A combiner of values derives from <see cref="ValueCombiner"/> and takes one
/// backward pass; one of gradients derives from <see cref="GradientCombiner"/> and takes one per term. What it learns is saved in checkpoints.
/// </summary>
public abstract class Combiner : IStateful
{
    /// <summary>
    /// Leaves the combined gradient in the parameters and returns the weight that each term had, in the terms' order.
    /// Weights are numbers, detached from the graph.
    /// </summary>
    public abstract IReadOnlyList<double> Combine(TermGradients terms, long step);

    public virtual void Save(StateBag bag) { }

    public virtual void Load(StateBag bag) { }
}
