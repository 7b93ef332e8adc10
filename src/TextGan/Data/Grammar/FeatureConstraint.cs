namespace TextGan.Data.Grammar;

/// <summary>A condition on one feature under which an alternative of a rule may be chosen.</summary>
/// <param name="Feature">The feature's number.</param>
/// <param name="Value">The value's number, from 1.</param>
/// <param name="Negated">
/// False: the feature has the value, or has none and is bound to it. True: it has another value or none, and nothing is bound.
/// </param>
public readonly record struct FeatureConstraint(int Feature, int Value, bool Negated)
{
    /// <summary>Whether the condition holds; binds the feature where it has no value yet.</summary>
    public bool TryApply(ref UInt128 features)
    {
        var found = FeatureTable.Get(features, Feature);
        if (Negated) return found != Value;
        if (found == 0) features = FeatureTable.With(features, Feature, Value);
        return found == 0 || found == Value;
    }
}
