namespace TextGan.Problems;

/// <summary>
/// On a family's base record: in JSON a bare text stands for the object <c>{ "kind": text }</c>. The reader and the JSON schema read it
/// here.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NameMeansKindAttribute : Attribute;
