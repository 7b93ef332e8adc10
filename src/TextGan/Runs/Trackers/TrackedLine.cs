using TextGan.Runs.Format;

namespace TextGan.Runs.Trackers;

/// <summary>A line of a run's log, and the samples that belong to it.</summary>
/// <param name="Line">The line.</param>
/// <param name="Folder">The run's folder.</param>
public sealed record TrackedLine(MetricLine Line, RunFolder Folder)
{
    /// <summary>Whether it is of an evaluation.</summary>
    public bool IsEvaluation => Line.Event is null && (Line.Values.Count == 0 || Line.Values.Keys.Any(name =>
        name.StartsWith("metric/", StringComparison.Ordinal)
            || (name.Split('/') is ["discriminator", _, var figure] && figure.StartsWith("heldOut", StringComparison.Ordinal))));

    /// <summary>The texts of an evaluation, read from the run's folder; none of any other line.</summary>
    public IReadOnlyList<SampleLine> Samples()
    {
        var file = Folder.SamplesOf(Line.Phase, Line.Step);
        return IsEvaluation && File.Exists(file) ? [.. File.ReadLines(file).Select(SampleLine.Parse)] : [];
    }
}
