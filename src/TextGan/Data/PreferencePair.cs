namespace TextGan.Data;

/// <summary>One line of a preference set.</summary>
/// <param name="Chosen">The preferred text.</param>
/// <param name="Rejected">The other one.</param>
/// <param name="Prompt">What both answer; empty where the line has none.</param>
public sealed record PreferencePair(string Chosen, string Rejected, string Prompt);
