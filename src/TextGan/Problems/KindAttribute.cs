namespace TextGan.Problems;

/// <summary>
/// Gives an options record of a plug-in its kind in JSON: <c>[Kind("word-order")] public sealed record WordOrderOptions :
/// DiscriminatorOptions</c>.
/// Kinds of the library itself stand as <c>[JsonDerivedType]</c> on their family's base record.
/// </summary>
/// <param name="name">Lower-case words joined by '-', not yet taken in the family.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KindAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
