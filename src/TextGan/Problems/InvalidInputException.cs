namespace TextGan.Problems;

/// <summary>
/// What a user gave (JSON, a data file, a checkpoint, a plug-in, an argument) cannot be used. The command line shows the
/// problems, one per line and without a stack trace, and ends with exit code 2.
/// </summary>
public sealed class InvalidInputException : Exception
{
    public InvalidInputException(string place, string message) : this([new Problem(place, message)]) { }

    public InvalidInputException(IReadOnlyList<Problem> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>All that was found wrong, in the order of the input.</summary>
    public IReadOnlyList<Problem> Problems { get; }
}
