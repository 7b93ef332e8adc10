namespace TextGan.Cli.Cluster;

/// <summary>An array job of Slurm: one run per element.</summary>
public sealed record SlurmJob
{
    /// <summary>What Slurm's lists call it; letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>The runs as <c>--run</c> names them, in the order of the elements.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>What starts this program.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>The arguments of its command <c>run</c>, besides <c>--run NAME/SEED</c>.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Where the command starts: relative paths begin here.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>Where the script, its output and its notes are.</summary>
    public required string Folder { get; init; }

    /// <summary>The most elements that run at once; null for as many as Slurm lets run.</summary>
    public int? Limit { get; init; }

    /// <summary>The time limit of an element, in Slurm's notation; null for the template's or the partition's.</summary>
    public string? Time { get; init; }

    /// <summary>The partition; null for the template's or the default one.</summary>
    public string? Partition { get; init; }

    /// <summary>How long before the time limit a run is asked to stop, in minutes.</summary>
    public required int BeforeEnd { get; init; }

    /// <summary>Further options and set-up lines.</summary>
    public SlurmTemplate Template { get; init; } = SlurmTemplate.Empty;
}
