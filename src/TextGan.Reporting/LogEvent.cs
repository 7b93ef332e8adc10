namespace TextGan.Reporting;

/// <summary>What a guard found, and when.</summary>
public sealed record LogEvent(Phase Phase, double Step, GuardEvent Event)
{
    /// <summary>A word or two for a mark: "not a number: roll-back".</summary>
    public string Text => $"{Words(Event.Guard)}: {Event.Action}";

    static string Words(string guard) => guard switch
    {
        "notANumber" => "not a number",
        "explodingGradient" => "gradient explodes",
        "winningDiscriminator" => "discriminator wins",
        "overfittingDiscriminator" => "discriminator overfits",
        "modeCollapse" => "mode collapse",
        "unknownTokens" => "unknown tokens",
        _ => guard,
    };
}
