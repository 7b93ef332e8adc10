namespace TextGan.Cli.Jobs;

/// <summary>How runs are made side by side.</summary>
/// <param name="Count">How many at the same time, from 2.</param>
/// <param name="Devices">Where they train, in turn; none: where their experiments say.</param>
/// <param name="Program">The program and its first arguments, the command among them.</param>
/// <param name="Folder">Where relative paths among them begin.</param>
/// <param name="Arguments">The other arguments that the user gave.</param>
public sealed record JobOptions(int Count, IReadOnlyList<string> Devices, IReadOnlyList<string> Program, string Folder,
    IReadOnlyList<string> Arguments);
