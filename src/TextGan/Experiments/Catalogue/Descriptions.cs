namespace TextGan.Experiments.Catalogue;

/// <summary>A family of components and its kinds.</summary>
/// <param name="Name">"discriminator", "adversarial-loss".</param>
/// <param name="Summary">What its components do.</param>
/// <param name="Kinds">In the order of their declaration.</param>
public sealed record FamilyDescription(string Name, string Summary, IReadOnlyList<KindDescription> Kinds);

/// <summary>A kind of component, or a section of an experiment that has no kinds (such as <c>training</c>).</summary>
/// <param name="Family">The family's name; "section" for a section.</param>
/// <param name="Name">What the JSON calls it.</param>
/// <param name="Summary">What it is, as plain text.</param>
/// <param name="Remarks">Further text; may be empty.</param>
/// <param name="Properties">Its settings, in the order in which they are written.</param>
/// <param name="Plugin">The file of the plug-in that brings it, or null.</param>
public sealed record KindDescription(string Family, string Name, string Summary, string Remarks,
    IReadOnlyList<PropertyDescription> Properties, string? Plugin)
{
    /// <summary>Of a section: the JSON keys under which it stands, such as <c>modeCollapse</c>.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
}

/// <summary>One setting.</summary>
/// <param name="Name">Its key in the JSON.</param>
/// <param name="Type">The allowed values, in words: "a whole number", "one of 'relaxed' and 'straight-through'".</param>
/// <param name="Range">"from 0 to 1", "at least 1"; empty where all values are allowed.</param>
/// <param name="Default">The value where it is left out, as JSON (settings of a nested component that have that component's defaults are
/// not shown); empty where it is required.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Summary">What it means, as plain text.</param>
/// <param name="Choices">Of a setting with named values: each value and what it means.</param>
public sealed record PropertyDescription(string Name, string Type, string Range, string Default, bool Required, string Summary,
    IReadOnlyList<ChoiceDescription> Choices);

/// <summary>One named value of a setting.</summary>
public sealed record ChoiceDescription(string Name, string Summary);
