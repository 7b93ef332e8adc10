namespace TextGan.Problems;

/// <summary>
/// On a family's base record: in JSON a bare number stands for the object <c>{ "kind": Kind, Property: number }</c>.
/// The reader, the JSON schema and the catalogue read it here.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NumberMeansAttribute(string kind, string property) : Attribute
{
    /// <summary>The kind that a number stands for.</summary>
    public string Kind { get; } = kind;

    /// <summary>The JSON name of the property that takes the number.</summary>
    public string Property { get; } = property;
}
