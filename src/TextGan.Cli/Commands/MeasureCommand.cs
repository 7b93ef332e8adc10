using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TextGan.Native;
using TextGan.Runs.Events;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Measures the generators of runs anew, by metrics of one's choice.</summary>
public static class MeasureCommand
{
    const string MetricsPlace = "--set evaluation.metrics", SamplesPlace = "--set evaluation.samples";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Run folders: runs/EXPERIMENT/SEED, or runs/EXPERIMENT for all its seeds.",
            Arity = ArgumentArity.OneOrMore,
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var metrics = new Option<string[]>("--metric", "-m")
        {
            Description = "A metric: JSON as in 'evaluation.metrics', or a kind, which then has the run's own options, or its defaults. " +
                "May be repeated. Default: the run's own metrics.",
            HelpName = "JSON|KIND",
        };
        var samples = new Option<int?>("--samples") { Description = "Texts that are drawn. Default: as the run did.", HelpName = "N" };
        var step = new Option<long?>("--step") { Description = "Step of the checkpoint. Default: the newest.", HelpName = "N" };
        var output = new Option<string?>("--out", "-o") { Description = "File for the values. Default: the output.", HelpName = "FILE" };
        var device = new Option<string>("--device") {
            Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command(
            "measure", "Measure the generators of runs again, by any metrics: a JSON object per run, and a table.") {
            runs, metrics, samples, step, output, device };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        var form = new ResultForm(hasQuiet: true);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            var where = Devices.Resolve(parsed.GetRequiredValue(device), "--device");
            var settings = reading.Settings(parsed, terminal);
            var folders = PlotCommand.Folders(parsed.GetRequiredValue(runs), terminal);
            void Warn(string line) => terminal.WriteError(SafeText.Line(line));
            Action<string> tell = form.IsQuiet(parsed) ? _ => { } : Warn;
            IReadOnlyList<(RunFolder Run, string Line, Evaluation Found)> found = [.. folders.Select(folder =>
            {
                var edited = settings with
                {
                    Edits = [.. Edits(folder, parsed.GetValue(metrics) ?? [], parsed.GetValue(samples), settings)],
                };
                var (checkpoint, evaluation) = Named(() => RunMeasurement.Of(
                    folder.Root, where, edited, tell, Warn, parsed.GetValue(step)));
                return (folder, Line(folder, checkpoint.Name, evaluation), evaluation);
            })];
            if (form.IsJson(parsed))
            {
                ResultForm.Write(new JsonArray([.. found.Select(one => JsonNode.Parse(one.Line))]), terminal);
            }
            if (parsed.GetValue(output) is { } target)
                OutputFiles.Write("--out", () => AtomicFile.WriteText(terminal.Full(target),
                    string.Concat(found.Select(one => one.Line + "\n"))), $"'{target}'");
            else if (!form.IsJson(parsed)) foreach (var (_, line, _) in found) terminal.Output.WriteLine(line);
            if (form.IsQuiet(parsed)) return ExitCode.Success;
            var table = Table([.. found.Select(one => (one.Run, one.Found))]);
            foreach (var line in table.Lines(terminal.Width)) terminal.WriteError(line);
            return ExitCode.Success;
        });
        return command;
    }

    static IEnumerable<string> Edits(RunFolder folder, string[] metrics, int? samples, ReadingSettings settings)
    {
        if (samples is { } count) yield return $"evaluation.samples={count}";
        if (metrics.Length == 0) yield break;
        var own = ExperimentFile.ReadConfig(folder.Config, settings).Resolved["evaluation"]!["metrics"]!.AsArray();
        yield return $"evaluation.metrics=[{string.Join(',', metrics.SelectMany(Chosen))}]";

        IEnumerable<string> Chosen(string metric)
        {
            if (metric.TrimStart().StartsWith('{')) return [metric];
            string[] same = [.. own.Where(one => (string?)one!["kind"] == metric).Select(one => one!.ToJsonString())];
            return same.Length > 0 ? same : [new JsonObject { ["kind"] = metric }.ToJsonString()];
        }
    }

    /// <summary>Problems in what the options give are named by these.</summary>
    static T Named<T>(Func<T> measure)
    {
        try
        {
            return measure();
        }
        catch (InvalidInputException refused)
        {
            throw new InvalidInputException([.. refused.Problems.Select(problem => problem with
            {
                Place = problem.Place.Replace(MetricsPlace, "--metric").Replace(SamplesPlace, "--samples"),
            })]);
        }
    }

    static string Line(RunFolder folder, string checkpoint, Evaluation found) => JsonSerializer.Serialize(new
    {
        Run = SafeText.Line(folder.Root), Checkpoint = checkpoint, found.Values, found.Samples, found.Missing,
    }, Json);

    internal static TextTable Table(IReadOnlyList<(RunFolder Run, Evaluation Found)> all)
    {
        var names = all.SelectMany(one => one.Found.Values.Keys).Distinct()
            .Where(name => UnknownTokens.IsShown(name, all.Select(one => one.Found.Values.GetValueOrDefault(name)))).ToArray();
        var table = new TextTable(["run", .. names.Select(name => SafeText.Line(name, 40))]);
        foreach (var (run, found) in all)
            table.Add([SafeText.Line($"{run.Experiment}/{run.Seed}", 40),
                .. names.Select(name => found.Values.TryGetValue(name, out var value) ? NumberText.Of(value) : "")]);
        return table;
    }
}
