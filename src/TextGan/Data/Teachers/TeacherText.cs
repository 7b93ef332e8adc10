namespace TextGan.Data.Teachers;

/// <summary>A text that a teacher is asked about.</summary>
/// <param name="Text">The text, without its prompt.</param>
/// <param name="Prompt">What it answers; null without prompts.</param>
/// <param name="Ended">Whether the text ends there; false where it was cut at the longest length.</param>
public readonly record struct TeacherText(string Text, string? Prompt = null, bool Ended = true);
