namespace TextGan.Reporting.Report;

/// <summary>
/// What the page of a report shows: the JSON that its scripts read. Runs, experiments, names and columns are given by their index.
/// </summary>
sealed record ReportData
{
    public required string Title { get; init; }

    /// <summary>When it was written, and by which version.</summary>
    public required string Written { get; init; }

    /// <summary>Which state of runs that are being watched it shows; null in a file.</summary>
    public string? State { get; init; }

    /// <summary>What was left out to keep the page small, by the section that it concerns ("curves", "samples").</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Notes { get; init; }

    /// <summary>Names of the phases; a phase is its index.</summary>
    public IReadOnlyList<string> Phases { get; } = PhaseNames.All;

    public required IReadOnlyList<ReportExperiment> Experiments { get; init; }
    public required IReadOnlyList<ReportRun> Runs { get; init; }

    /// <summary>What each experiment changed, in a sentence.</summary>
    public required IReadOnlyList<string> Changes { get; init; }

    /// <summary>What the figures in brackets of these sentences are; null where there are none.</summary>
    public required string? ChangeLegend { get; init; }

    /// <summary>The columns of the summary.</summary>
    public required IReadOnlyList<ReportMetric> Metrics { get; init; }

    /// <summary>Metrics whose curves are shown first.</summary>
    public required IReadOnlyList<int> Key { get; init; }

    /// <summary>Pairs of metrics, horizontal and vertical, for quality against diversity.</summary>
    public required IReadOnlyList<int[]> Planes { get; init; }

    public required ReportCurves Curves { get; init; }
    public required IReadOnlyList<ReportSamples> Samples { get; init; }
    public required ReportDifferences Configurations { get; init; }
    public required ReportDifferences Environments { get; init; }
    public required IReadOnlyList<ReportEvent> Events { get; init; }
    public required IReadOnlyList<ReportCommand> Commands { get; init; }
}

/// <summary>An experiment, and how it looks: in one colour everywhere.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Color">"#0072B2", for white paper.</param>
/// <param name="Dash">Lengths of dashes and gaps; empty for a solid line.</param>
/// <param name="Marker">A name of ScottPlot's, such as "FilledCircle".</param>
sealed record ReportExperiment(string Name, string Color, IReadOnlyList<float> Dash, string Marker);

/// <summary>A run.</summary>
/// <param name="Experiment">Its experiment.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Outcome">"finished", "stopped", "failed", or "unfinished"; on a page that is served also "running" and "queued".</param>
/// <param name="Seconds">Seconds that it took.</param>
/// <param name="Iterations">Adversarial iterations that were done.</param>
/// <param name="Values">The last value of each metric; null where there is none.</param>
/// <param name="Missing">Why a value is null although it was measured, by metric.</param>
sealed record ReportRun(int Experiment, string Seed, string Outcome, double Seconds, double Iterations, IReadOnlyList<double?> Values,
    IReadOnlyDictionary<string, string> Missing);

/// <summary>A metric.</summary>
/// <param name="Name">Its name without "metric/".</param>
/// <param name="Unit">What its axis is called.</param>
/// <param name="HigherIsBetter">Null where neither end is better, or that is not known.</param>
sealed record ReportMetric(string Name, string Unit, bool? HigherIsBetter);

/// <summary>Texts of an evaluation.</summary>
/// <param name="Run">The run.</param>
/// <param name="Phase">The phase.</param>
/// <param name="Step">The step.</param>
/// <param name="Total">How many the evaluation has.</param>
/// <param name="Judges">Names of those that scored them.</param>
/// <param name="Texts">The first of them.</param>
sealed record ReportSamples(int Run, Phase Phase, long Step, int Total, IReadOnlyList<string> Judges, IReadOnlyList<ReportText> Texts);

/// <summary>A text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Prompt">What it continues; null without a prompt.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Ended">Whether the generator ended it.</param>
/// <param name="Scores">What each of the judges says; null where that is not finite.</param>
sealed record ReportText(string Text, string? Prompt, int Tokens, bool Ended, IReadOnlyList<double?> Scores);

/// <summary>What happened in a run.</summary>
/// <param name="Runs">The runs in which the same happened at the same step.</param>
/// <param name="Phase">The phase; null for what concerns a whole run.</param>
/// <param name="Step">The step.</param>
/// <param name="Source">The guard, "data" or "run".</param>
/// <param name="Action">"warn", "stop", "failed" and the like.</param>
/// <param name="Message">A sentence.</param>
sealed record ReportEvent(IReadOnlyList<int> Runs, Phase? Phase, double? Step, string Source, string Action, string Message);

/// <summary>A command that repeats runs.</summary>
/// <param name="Experiment">The experiment; null for the command that makes the report.</param>
/// <param name="Text">The command.</param>
/// <param name="Versions">Versions of the program that made the runs.</param>
sealed record ReportCommand(int? Experiment, string Text, IReadOnlyList<string> Versions);
