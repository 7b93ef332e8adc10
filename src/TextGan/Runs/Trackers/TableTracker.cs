using TextGan.Runs.Format;
using TextGan.Safety;

namespace TextGan.Runs.Trackers;

/// <summary>Writes the log and the samples as tables, whole and anew each time.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="ending">Of the files' names.</param>
/// <param name="write">Writes a table.</param>
sealed class TableTracker(RunFolder folder, string ending, Action<Stream, Table> write) : Tracker
{
    readonly List<MetricLine> log = [];
    readonly OrderedDictionary<(string Phase, long Step), IReadOnlyList<SampleLine>> evaluations = [];
    bool isWritten = true, isDue;

    public override void Write(IReadOnlyList<TrackedLine> lines)
    {
        isWritten = false;
        foreach (var line in lines)
        {
            log.Add(line.Line);
            // After a roll-back a later evaluation of the step has taken the place of its samples.
            if (line.IsEvaluation) evaluations[(line.Line.Phase, line.Line.Step)] = line.Samples();
        }
        isDue |= lines.Any(line => line.IsEvaluation);
    }

    public override void Flush()
    {
        if (isDue) WriteFiles();
    }

    public override void End(string outcome)
    {
        if (!isWritten) WriteFiles();
    }

    void WriteFiles()
    {
        AtomicFile.Write(folder.Table("metrics", ending), stream => write(stream, Metrics()));
        AtomicFile.Write(folder.Table("samples", ending), stream => write(stream, Samples()));
        (isWritten, isDue) = (true, false);
    }

    Table Metrics()
    {
        var rows = log.SelectMany(line => line.Values.Select(pair => (Line: line, pair.Key, pair.Value))).ToList();
        return new([
            new TableColumn<string>("phase", [.. rows.Select(row => row.Line.Phase)]),
            new TableColumn<long>("step", [.. rows.Select(row => row.Line.Step)]),
            new TableColumn<double>("seconds", [.. rows.Select(row => row.Line.Seconds)]),
            new TableColumn<string>("name", [.. rows.Select(row => row.Key)]),
            new TableColumn<double>("value", [.. rows.Select(row => row.Value)]),
        ]);
    }

    Table Samples()
    {
        var rows = evaluations.SelectMany(pair => pair.Value.Select((sample, number) => (At: pair.Key, sample, number))).ToList();
        var judges = rows.SelectMany(row => row.sample.Scores.Keys).Distinct().Order(StringComparer.Ordinal);
        return new([
            new TableColumn<string>("phase", [.. rows.Select(row => row.At.Phase)]),
            new TableColumn<long>("step", [.. rows.Select(row => row.At.Step)]),
            new TableColumn<int>("number", [.. rows.Select(row => row.number)]),
            new TableColumn<string?>("prompt",
                [.. rows.Select(row => row.sample.Prompt is { } prompt ? SafeText.Line(prompt) : null)], true),
            new TableColumn<int?>("group", [.. rows.Select(row => row.sample.Group)], true),
            new TableColumn<string>("text", [.. rows.Select(row => SafeText.Line(row.sample.Text))]),
            new TableColumn<int>("tokens", [.. rows.Select(row => row.sample.Tokens)]),
            new TableColumn<bool>("ended", [.. rows.Select(row => row.sample.Ended)]),
            .. judges.Select(judge => new TableColumn<double?>($"score/{judge}",
                [.. rows.Select(row => row.sample.Scores.TryGetValue(judge, out var score) ? score : (double?)null)], true)),
        ]);
    }
}
