namespace TextGan.Cli.Jobs;

/// <summary>How runs are trained side by side.</summary>
/// <param name="Count">How many at the same time; 1 means in the command's own process.</param>
/// <param name="Devices">Where they train, in turn; empty where their experiments decide.</param>
/// <param name="Program">The program and its first arguments, the command among them.</param>
/// <param name="Folder">Where relative paths in the arguments begin.</param>
/// <param name="Arguments">The other arguments that the user gave.</param>
public sealed record JobOptions(
    int Count, IReadOnlyList<string> Devices, IReadOnlyList<string> Program, string Folder, IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// The experiment as this plan trains it: side by side, with its share of the processors unless it says how many threads it takes.
    /// </summary>
    public LoadedExperiment Planned(LoadedExperiment experiment) => experiment.On(
        experiment.Options.Threads ?? (Count > 1 ? Math.Max(1, Environment.ProcessorCount / Count) : null), Devices.Count > 0 ? Devices[0] : null);
}
