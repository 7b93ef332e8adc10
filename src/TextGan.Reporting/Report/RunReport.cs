using System.Globalization;
using System.Reflection;
using System.Text.Json;
using TextGan.Problems;
using TextGan.Safety;
using TextGan.Storage;

namespace TextGan.Reporting.Report;

/// <summary>A report that was written.</summary>
/// <param name="File">The file.</param>
/// <param name="Runs">How many runs it has.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Notes">What was left out to keep it small, in sentences.</param>
/// <param name="Changes">What each experiment changed.</param>
public sealed record WrittenReport(
    string File, int Runs, long Bytes, IReadOnlyList<string> Notes, IReadOnlyList<ExperimentChange> Changes);

/// <summary>
/// Writes runs as one HTML page that needs nothing else: summary, curves, quality against diversity, samples, configurations, events,
/// environments, commands.
/// </summary>
public static class RunReport
{
    /// <summary>What a run's folder has.</summary>
    internal sealed record Run(
        RunFolder Folder, RunLog Log, IReadOnlyList<ReportSamples> Samples, JsonElement Config, JsonElement Environment,
        JsonElement Outcome, JsonElement Data)
    {
        /// <summary>"running" or "queued" where a process works on it, as far as that is known.</summary>
        public string? Doing { get; init; }
    }

    /// <summary>Settings that name or place a run, and do not decide what it computes.</summary>
    static readonly string[] NoSettings = ["$base", "name", "seeds", "swept", "published"];

    /// <summary>Writes the page of runs; runs without any line yet are left out.</summary>
    /// <param name="runFolders">Folders <c>runs/EXPERIMENT/SEED</c>; the order of experiments is theirs.</param>
    /// <param name="file">The HTML file; its folder is made where it is missing.</param>
    /// <param name="title">The page's title; null for the experiments' names.</param>
    /// <returns>Null where no run has a line yet.</returns>
    /// <exception cref="InvalidInputException">Runs are damaged or are there twice; all such runs are named.</exception>
    public static WrittenReport? Write(IReadOnlyList<string> runFolders, string file, string? title = null)
    {
        var (runs, problems) = (new List<Run>(), new ProblemList());
        foreach (var folder in runFolders.DistinctBy(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))
            problems.Note(() => runs.Add(Read(new(folder))));
        problems.Throw();
        var (data, changes) = Of(runs, title);
        if (data.Runs.Count == 0) return null;
        AtomicFile.WriteText(file, ReportPage.File.Of(data.Title, ReportPage.JsonOf(data)));
        return new(file, data.Runs.Count, new FileInfo(file).Length, [.. data.Notes.Values.SelectMany(notes => notes)], changes);
    }

    /// <summary>The data of the page, and what each experiment changed; runs without any line yet are left out.</summary>
    /// <exception cref="InvalidInputException">A run is there twice.</exception>
    internal static (ReportData Data, IReadOnlyList<ExperimentChange> Changes) Of(IReadOnlyList<Run> runs, string? title = null)
    {
        Run[] logged = [.. runs.Where(run => !run.Log.IsEmpty)];
        RunNames.RequireDistinct(logged.Select(run => (run.Log.Experiment, run.Log.Seed)));
        // An experiment's runs stand together.
        List<Run>[] experiments = [.. logged.GroupBy(run => run.Log.Experiment).Select(experiment => experiment.ToList())];
        ExperimentChange[] changes = [.. experiments.Select(experiment => ExperimentChange.Of([.. experiment.Select(run => run.Log)],
            experiment.Count(run => OutcomeOf(run) != "finished"), experiment[0].Config))];
        return (Of(experiments, changes, title), changes);
    }

    /// <exception cref="InvalidInputException">Its log is missing, or its log or a file of samples is damaged.</exception>
    internal static Run Read(RunFolder folder) => new(folder, MetricChoice.WithSamples(RunLog.Read(folder.Root)), SampleTexts.Of(folder),
        Json(folder.Config), Json(folder.Environment), Json(folder.Outcome), Json(folder.Data));

    /// <summary>A JSON file of a run; nothing where it is missing or damaged: a report does without it.</summary>
    static JsonElement Json(string file)
    {
        try
        {
            return File.Exists(file) ? JsonElement.Parse(File.ReadAllBytes(file)) : default;
        }
        catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    static ReportData Of(List<Run>[] experiments, ExperimentChange[] changes, string? title)
    {
        Run[] runs = [.. experiments.SelectMany(experiment => experiment)];
        RunLog[] logs = [.. runs.Select(run => run.Log)];
        var (choice, looks) = (new MetricChoice(logs), new SweepLooks(logs));
        var (curveNotes, sampleNotes) = (new List<string>(), new List<string>());
        string[] metrics = [.. choice.All];
        var configurations = ReportDifferences.Of(
            [.. runs.Select(run => (run.Log.Experiment, ReportDifferences.Flat(run.Config, NoSettings)))]);
        IReadOnlyList<RunLog>[] drawable =
            [.. experiments.Select(experiment => experiment.Select(run => run.Log.Drawable()).ToArray())];
        if (drawable.Any(experiment => experiment.Any(log => log.IsClipped))) curveNotes.Add(RunFigures.ClippedNote);
        return new()
        {
            Title = SafeText.Line(title ?? (runs.Length == 0 ? "No runs yet"
                : string.Join(", ", experiments.Take(3).Select(one => one[0].Log.Experiment)) +
                    (experiments.Length > 3 ? $" and {experiments.Length - 3} more" : ""))),
            Written = string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.Now:yyyy-MM-dd HH:mm zzz}, textgan {Version}"),
            Experiments = [.. experiments.Select((experiment, i) => Of(experiment[0].Log, i, looks))],
            Runs = [.. experiments.SelectMany((experiment, i) => experiment.Select(run => Of(run, i, metrics)))],
            Changes = [.. changes.Select(change => change.Sentence)],
            ChangeLegend = changes.Any(change => change.HasSpread) ? ExperimentChange.Legend : null,
            Metrics = [.. metrics.Select(name => new ReportMetric(SafeText.Line(name), MetricFamily.Of(name).Unit,
                MetricDirection.HigherIsBetter(name)))],
            Key = [.. choice.Key.Select(name => Array.IndexOf(metrics, name))],
            Planes = [.. choice.Tradeoffs.Select(pair =>
                (int[])[Array.IndexOf(metrics, pair.Diversity), Array.IndexOf(metrics, pair.Quality)])],
            Curves = ReportCurves.Of(drawable, curveNotes),
            Samples = SampleTexts.Limited([.. runs.Select(run => run.Samples)], sampleNotes),
            Configurations = configurations,
            Environments = ReportDifferences.Of(
                [.. runs.Select(run => ("", ReportDifferences.Flat(run.Environment, "history", "started", "iterations", "command")))]),
            Events = Events(runs),
            Commands = Commands(runs, configurations),
            Notes = new Dictionary<string, IReadOnlyList<string>> { ["curves"] = curveNotes, ["samples"] = sampleNotes },
        };
    }

    static string Version { get; } = typeof(RunReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0] ?? "unknown";

    static ReportExperiment Of(RunLog log, int index, SweepLooks looks)
    {
        var look = looks.Of(log) ?? LineLook.Of(index);
        return new(SafeText.Line(log.Experiment), look.Color.ToHex(), look.Pattern.Intervals ?? [], $"{look.Marker}");
    }

    static string OutcomeOf(Run run) => Text(run.Outcome, "outcome") ?? "unfinished";

    static ReportRun Of(Run run, int experiment, string[] metrics)
    {
        SummaryRow?[] last = [.. metrics.Select(name => SummaryTable.Last(run.Log, LogNames.Metric + name))];
        return new(experiment, SafeText.Line(run.Log.Seed), run.Doing ?? OutcomeOf(run), Math.Round(run.Log.Seconds, 1),
            run.Log.LastStep(Phase.Adversarial), [.. last.Select(row => row is null || !double.IsFinite(row.Value) ? (double?)null
                : double.Parse(row.Value.ToString("E4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))],
            last.Index().Where(row => row.Item is { Missing.Length: > 0 })
                .ToDictionary(row => $"{row.Index}", row => SafeText.Line(row.Item!.Missing)));
    }

    /// <summary>
    /// What guards found, what was found about the data, where runs were resumed and why they failed; what several runs share stands once.
    /// </summary>
    static IReadOnlyList<ReportEvent> Events(Run[] runs)
    {
        var all = runs.SelectMany((run, i) => ((IEnumerable<(Phase? Phase, double? Step, string Source, string Action, string Message)>)
        [
            .. Findings(run.Data),
            .. Resumptions(run.Environment),
            .. run.Log.Events.Select(one => ((Phase?)one.Phase, (double?)one.Step, one.Event.Guard, one.Event.Action, one.Event.Message)),
            .. Text(run.Outcome, "message") is { } message
                ? [(null, null, "run", Text(run.Outcome, "outcome") ?? "", message)]
                : (IEnumerable<(Phase?, double?, string, string, string)>)[],
        ]).Select(found => (Run: i, Found: found)));
        return [.. all.GroupBy(one => one.Found, one => one.Run).Select(same => new ReportEvent([.. same.Distinct()], same.Key.Phase,
            same.Key.Step, SafeText.Line(same.Key.Source), SafeText.Line(same.Key.Action), SafeText.Line(same.Key.Message)))];
    }

    /// <summary>Where later commands resumed a run.</summary>
    static IEnumerable<(Phase?, double?, string, string, string)> Resumptions(JsonElement environment) =>
        environment.ValueKind != JsonValueKind.Object || !environment.TryGetProperty("history", out var all)
            || all.ValueKind != JsonValueKind.Array ? []
            : from command in all.EnumerateArray()
              where command.ValueKind == JsonValueKind.Object && command.TryGetProperty("resumedAt", out _)
              let place = command.GetProperty("resumedAt")
              let phase = PhaseNames.Parse(Text(place, "phase"))
              where phase is not null && place.TryGetProperty("step", out var step) && step.ValueKind == JsonValueKind.Number
              select ((Phase?)phase, (double?)place.GetProperty("step").GetDouble(), "run", "resumed",
                  "A later command resumed the run from its checkpoint.");

    static IEnumerable<(Phase?, double?, string, string, string)> Findings(JsonElement data) =>
        data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("findings", out var all) || all.ValueKind != JsonValueKind.Array ? []
            : all.EnumerateArray().Where(one => Text(one, "text") is not null).Select(one => ((Phase?)null, (double?)null, "data",
                one.TryGetProperty("isWarning", out var warning) && warning.ValueKind == JsonValueKind.True ? "warn" : "notice",
                Text(one, "text")!));

    /// <summary>A command for the runs of each experiment that have the same configuration, and the one that makes the report.</summary>
    static IReadOnlyList<ReportCommand> Commands(Run[] runs, ReportDifferences configurations)
    {
        var experiments = runs.Select(run => run.Log.Experiment).Distinct().ToList();
        var repeat = configurations.Columns.Select(column =>
        {
            Run[] same = [.. column.Runs.Select(i => runs[i])];
            var plugins = same[0].Config.ValueKind == JsonValueKind.Object && same[0].Config.TryGetProperty("plugins", out var list)
                && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0;
            return new ReportCommand(experiments.IndexOf(same[0].Log.Experiment),
                $"textgan run {Word(Place(same[0].Folder) + "/config.json")} " +
                    $"--seeds {Word(string.Join(',', same.Select(run => run.Log.Seed)))}{(plugins ? " --allow-plugins" : "")} " +
                    "--runs repeated --plots repeated/plots",
                [.. same.Select(run => SafeText.Line(Text(run.Environment, "textgan") ?? "unknown")).Distinct()]);
        });
        return runs.Length == 0 ? []
            : [.. repeat, new(null, $"textgan report {string.Join(' ', runs.Select(run => Word(Place(run.Folder))))} -o report.html", [])];

        static string Word(string text) => Label.ShellWord(SafeText.Line(text));
    }

    /// <summary>"runs/EXPERIMENT/SEED": who reads the page may have the folder elsewhere.</summary>
    static string Place(RunFolder folder) => string.Join('/', new[]
    {
        Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(folder.Root)))), folder.Experiment, folder.Seed,
    }.Where(name => !string.IsNullOrEmpty(name)));

    static string? Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
