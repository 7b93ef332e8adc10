namespace TextGan.Data;

/// <summary>Which part of a dialogue in a preference set is the text.</summary>
public enum PreferencePart
{
    /// <summary>The last Assistant turn is the text and everything before it the prompt.</summary>
    LastReply,

    /// <summary>The whole dialogue is the text.</summary>
    Dialogue,

    /// <summary>
    /// Strings are texts as they are, whatever their lines begin with; arrays of messages are read as for the last reply.
    /// </summary>
    Plain,
}
