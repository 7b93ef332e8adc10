namespace TextGan.Data;

/// <summary>One turn of a dialogue.</summary>
/// <param name="Role">One of the four names; empty for text that has no role, such as a prompt that is only a question.</param>
/// <param name="Text">What was said, as it stands behind the colon in the form of HH-RLHF.</param>
internal readonly record struct Turn(string Role, string Text)
{
    public const string Human = "Human", Assistant = "Assistant", System = "System", Tool = "Tool";

    /// <summary>The role that a name means, whatever its case; null for a name that is not understood.</summary>
    public static string? RoleOf(string name) => name.ToLowerInvariant() switch
    {
        "human" or "user" => Human,
        "assistant" => Assistant,
        "system" or "developer" => System,
        "tool" or "function" => Tool,
        _ => null,
    };

    /// <summary>Turns in the form of HH-RLHF, whatever form they came in; text without a role stands on a line of its own.</summary>
    public static string Join(IEnumerable<Turn> turns) =>
        string.Concat(turns.Select(turn => turn.Role.Length > 0 ? $"\n\n{turn.Role}:{turn.Text}" : $"\n{turn.Text}"));
}
