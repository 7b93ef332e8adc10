namespace TextGan.Learning.Objectives.Combiners;

/// <summary>Turns named terms into one gradient on the generator's parameters.</summary>
public abstract class Combiner
{
    /// <summary>
    /// Leaves the combined gradient in the parameters and returns the weight that each term had, in the terms' order.
    /// Weights are numbers, detached from the graph.
    /// </summary>
    public abstract IReadOnlyList<double> Combine(TermGradients terms, long step);
}
