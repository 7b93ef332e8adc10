namespace TextGan.Cli.Setup;

/// <summary>What the lines of a file are.</summary>
public enum SurveyForm
{
    /// <summary>A text each.</summary>
    Lines,

    /// <summary>JSON objects with a text.</summary>
    JsonLines,

    /// <summary>JSON objects with a chosen and a rejected text.</summary>
    Preferences,
}
