namespace TextGan.Data;

/// <summary>Compressed data unpack to far more than any text of their size. The message is a sentence for the user.</summary>
public sealed class GzipBombException(string message) : IOException(message);
