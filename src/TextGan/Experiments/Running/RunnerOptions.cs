namespace TextGan.Experiments.Running;

/// <summary>Where a runner puts what it makes, and whether it goes on with what is there.</summary>
public sealed record RunnerOptions
{
    /// <summary>Folder of run folders. Default "runs" in the current folder.</summary>
    public string RunsFolder { get; init; } = "runs";

    /// <summary>Folder of plots. Default "plots" in the current folder.</summary>
    public string PlotsFolder { get; init; } = "plots";

    /// <summary>Name of the folder under <see cref="PlotsFolder"/> for the comparison of all runs, and its title. Default "comparison".</summary>
    public string Comparison { get; init; } = "comparison";

    /// <summary>Begins every run anew: what earlier commands finished or began is deleted. Default false.</summary>
    public bool Restart { get; init; }
}
