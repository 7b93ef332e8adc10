namespace TextGan.Data.Teachers;

/// <summary>A text that a teacher is asked about.</summary>
/// <param name="Text">The text, without its prompt.</param>
/// <param name="Prompt">What it answers; null without prompts.</param>
public readonly record struct TeacherText(string Text, string? Prompt = null);
