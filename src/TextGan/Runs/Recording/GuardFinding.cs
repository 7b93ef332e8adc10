using TextGan.Runs.Format;

namespace TextGan.Runs.Recording;

/// <summary>What a guard found.</summary>
/// <param name="Guard">Its name in the experiment: "notANumber", "explodingGradient", "winningDiscriminator", "overfittingDiscriminator",
/// "modeCollapse".</param>
/// <param name="Phase">Where.</param>
/// <param name="Step">Steps of the phase that were done, or the one under way.</param>
/// <param name="Since">The last step at which all was well: a good checkpoint is not later.</param>
/// <param name="Blamed">Whose learning rate is lowered: "generator", "discriminator/NAME", or null for all.</param>
/// <param name="Message">"'total' is NaN".</param>
public sealed record GuardFinding(string Guard, Phase Phase, long Step, long Since, string? Blamed, string Message)
{
    /// <summary>Which plug-in had a part in it, for messages; null where none had.</summary>
    public string? Origin { get; init; }
}
