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
    /// <summary>The edit that gives an experiment its share of the processors.</summary>
    public string ThreadsEdit => $"threads={Math.Max(1, Environment.ProcessorCount / Count)}";

    /// <summary>Edits with which the command plans what the processes train, so that both speak of the same environment.</summary>
    public IEnumerable<string> Edits(IReadOnlyList<LoadedExperiment> experiments)
    {
        if (Devices.Count > 0) yield return $"device={Devices[0]}";
        if (Count > 1 && experiments.All(experiment => experiment.Options.Threads is null)) yield return ThreadsEdit;
    }
}
