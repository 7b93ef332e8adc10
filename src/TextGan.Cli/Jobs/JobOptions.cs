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
    /// <summary>Threads of a run whose experiment does not say how many it takes: a share of the processors; null: all of them.</summary>
    public int? Threads => Count > 1 ? Math.Max(1, Environment.ProcessorCount / Count) : null;

    /// <summary>
    /// The experiment as it is trained. Command and processes do this to all experiments alike: what runs share depends on the threads.
    /// </summary>
    public static LoadedExperiment Planned(LoadedExperiment experiment, int? threads, string? device) =>
        experiment.On(experiment.Options.Threads ?? threads, device);
}
