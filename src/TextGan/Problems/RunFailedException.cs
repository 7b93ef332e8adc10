namespace TextGan.Problems;

/// <summary>
/// A run could not continue (NaN in a term, no memory, no disk). The command line shows the message and ends with exit code 1.
/// </summary>
public sealed class RunFailedException(string message, Exception? inner = null) : Exception(message, inner);
