namespace TextGan.Runs.Format;

/// <summary>The phases of a run.</summary>
public enum Phase
{
    /// <summary>Maximum-likelihood training of the generator.</summary>
    Pretraining,

    /// <summary>The discriminators' updates before the first adversarial iteration.</summary>
    DiscriminatorPretraining,

    /// <summary>Adversarial iterations.</summary>
    Adversarial,
}

/// <summary>The phases' names in files.</summary>
public static class PhaseNames
{
    /// <summary>All names, in the order of the phases.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Phase>().Select(NameOf)];

    /// <summary>"pretraining", "discriminator-pretraining" or "adversarial".</summary>
    public static string NameOf(this Phase phase) => phase switch
    {
        Phase.Pretraining => "pretraining",
        Phase.DiscriminatorPretraining => "discriminator-pretraining",
        Phase.Adversarial => "adversarial",
        _ => throw new InvalidOperationException($"There is no phase {phase}."),
    };

    /// <summary>The phase of this name; null if no phase has it.</summary>
    public static Phase? Parse(string? name) => All.ToList().IndexOf(name!) is >= 0 and var index ? (Phase)index : null;
}
