namespace TextGan.Data.Grammar;

/// <summary>What a sentence's features must be for it to have an attribute such as "helpful".</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Cases">The attribute holds if every condition of one case holds. The value 0 stands for "not bound".</param>
public sealed record AttributeRule(string Name, IReadOnlyList<IReadOnlyList<FeatureConstraint>> Cases)
{
    public bool Holds(UInt128 features) => Cases.Any(conditions =>
        conditions.All(c => (FeatureTable.Get(features, c.Feature) == c.Value) != c.Negated));
}
