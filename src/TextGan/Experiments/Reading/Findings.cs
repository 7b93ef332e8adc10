namespace TextGan.Experiments.Reading;

/// <summary>Collects what is wrong with the input: everything once, in the order of the input.</summary>
public sealed class Findings
{
    /// <summary>No more than this many are looked for.</summary>
    const int Limit = 1000;

    readonly List<(Origin Origin, Problem Problem)> all = [];
    readonly HashSet<Problem> seen = [];

    public int Count => all.Count;

    /// <summary>
    /// How many problems were added, those that were there already included: an experiment is sound if reading it leaves this as it was.
    /// </summary>
    public int Added { get; private set; }

    /// <summary>Whether looking for more is of no use.</summary>
    public bool IsFull => all.Count >= Limit;

    /// <summary>Adds a problem of the value at <paramref name="origin"/>, or at the path <paramref name="rest"/> below it.</summary>
    public void Add(Origin origin, string message, string rest = "")
    {
        Added++;
        var problem = new Problem(origin.Place(rest), message);
        if (!IsFull && seen.Add(problem)) all.Add((origin, problem));
    }

    /// <exception cref="InvalidInputException">Something was found.</exception>
    public void ThrowIfAny()
    {
        if (all.Count == 0) return;
        List<Problem> problems = [.. all.OrderBy(one => one.Origin.Source.Order).ThenBy(one => one.Origin.Line).Select(one => one.Problem)];
        if (IsFull) problems.Add(new Problem(all[0].Origin.Source.Name, $"these are the first {Limit} problems; there may be more."));
        throw new InvalidInputException(problems);
    }
}
