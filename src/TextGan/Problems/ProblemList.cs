namespace TextGan.Problems;

/// <summary>Collects what is wrong with several inputs, so that all of it is said at once.</summary>
public sealed class ProblemList
{
    readonly List<Problem> problems = [];

    /// <summary>Does something, and notes what is wrong with its input.</summary>
    public void Note(Action check)
    {
        try
        {
            check();
        }
        catch (InvalidInputException bad)
        {
            problems.AddRange(bad.Problems);
        }
    }

    /// <exception cref="InvalidInputException">Something was noted: all of it, each problem once.</exception>
    public void Throw()
    {
        if (problems.Count > 0) throw new InvalidInputException([.. problems.Distinct()]);
    }
}
