namespace TextGan.Data;

/// <summary>What a line of a text file is whose name does not tell.</summary>
public enum TextFormat
{
    /// <summary>A text.</summary>
    Lines,

    /// <summary>A JSON object with a text and, optionally, the prompt that it answers.</summary>
    JsonLines,
}
