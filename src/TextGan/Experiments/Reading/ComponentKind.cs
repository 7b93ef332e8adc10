namespace TextGan.Experiments.Reading;

/// <summary>One kind of component: what the JSON calls it and the record that it is read into.</summary>
/// <param name="Name">In the JSON, for example "gumbel-softmax".</param>
/// <param name="Type">The options record.</param>
/// <param name="Plugin">The file of the plug-in that brings it, or null for the library's own.</param>
public sealed record ComponentKind(string Name, Type Type, string? Plugin = null);

/// <summary>The kinds that one abstract options record stands for.</summary>
/// <param name="Name">"discriminator", "adversarial-loss": the record's name in kebab-case without "Options".</param>
/// <param name="Type">The abstract record.</param>
/// <param name="Kinds">In the order in which they were declared; those of plug-ins last.</param>
public sealed record ComponentFamily(string Name, Type Type, IReadOnlyList<ComponentKind> Kinds)
{
    /// <summary>What one of its components is called: "adversarial loss".</summary>
    public string Words => Name == "data" ? "data set" : Name.Replace('-', ' ');
}
