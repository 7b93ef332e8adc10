namespace TextGan.Data;

/// <summary>One text of a set with prompts.</summary>
/// <param name="Text">The text.</param>
/// <param name="Prompt">What it answers; empty for nothing.</param>
internal sealed record TextItem(string Text, string Prompt);
