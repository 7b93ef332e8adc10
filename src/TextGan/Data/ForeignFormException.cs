namespace TextGan.Data;

/// <summary>A file is something other than UTF-8 text as a whole. The message is a sentence for the user.</summary>
public sealed class ForeignFormException(string message) : IOException(message);
