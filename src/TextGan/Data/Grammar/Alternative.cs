namespace TextGan.Data.Grammar;

/// <summary>One way to word a rule.</summary>
/// <param name="Weight">Its probability is proportional to this, among the alternatives whose constraints hold.</param>
/// <param name="Constraints">All of them must hold.</param>
/// <param name="Symbols">In order: a rule's number, or the complement (<c>~w</c>, negative) of the number of a word.</param>
public sealed record Alternative(double Weight, IReadOnlyList<FeatureConstraint> Constraints, int[] Symbols)
{
    /// <summary>Whether all constraints hold; binds what they bind.</summary>
    public bool TryApply(ref UInt128 features)
    {
        for (var i = 0; i < Constraints.Count; i++)
            if (!Constraints[i].TryApply(ref features)) return false;
        return true;
    }
}
