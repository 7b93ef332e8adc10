using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TextGan.Metrics;
using TextGan.Metrics.LanguageModels;
using TextGan.Native;
using TextGan.Reporting;

namespace TextGan.Cli.Commands;

/// <summary>Measures the generators of runs at several temperatures or values of top-p and draws quality against diversity.</summary>
public static partial class SweepTemperatureCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Run folders: runs/EXPERIMENT/SEED, or runs/EXPERIMENT for all its seeds.",
            Arity = ArgumentArity.OneOrMore,
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var temperatures = new Option<double[]>("--temperature", "-t") {
            Description = "A temperature. May be repeated. Default: eleven from 0.3 to 1.5, or those of the run's own metric " +
                "'temperature-sweep'.", HelpName = "T" };
        var topP = new Option<double[]>("--top-p") {
            Description = "A top-p, at temperature 1. May be repeated. Default: none, or the metric's.", HelpName = "P" };
        var samples = new Option<int?>("--samples") {
            Description = "Texts that are drawn at each setting. Default: as many as an evaluation draws, or the metric's.",
            HelpName = "N" };
        var data = new Option<string?>("--data") {
            Description = "The data set of the real texts. Default: the metric's, or that of the pretraining.", HelpName = "NAME" };
        var order = new Option<int?>("--order") {
            Description = "N of BLEU-N and self-BLEU-N. Default: 5, or the metric's.", HelpName = "N" };
        var model = new Option<ScoringModelKind?>("--model") {
            Description = "The language model of the scores. Default: n-gram, or the metric's.", HelpName = "n-gram|lstm",
            CustomParser = result => result.Tokens[0].Value switch
            {
                "n-gram" => ScoringModelKind.NGram,
                "lstm" => ScoringModelKind.Lstm,
                var other => throw new InvalidInputException("--model", $"is '{other}'; n-gram and lstm are allowed."),
            } };
        var reference = new Option<double?>("--reference") {
            Description = "The worst value in nats per token that areas count. Default: the largest of the runs' 2 ln(vocabulary).",
            HelpName = "NATS" };
        var step = new Option<long?>("--step") { Description = "Step of the checkpoint. Default: the newest.", HelpName = "N" };
        var output = new Option<string>("--output", "-o") {
            Description = "Folder for the pictures and tables.", HelpName = "FOLDER", DefaultValueFactory = _ => "plots/temperature" };
        var device = new Option<string>("--device") {
            Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command("sweep-temperature", "Measure the generators of runs over temperature and top-p, draw quality against " +
            "diversity, a curve per run, and compare best sums and areas.") {
            runs, temperatures, topP, samples, data, order, model, reference, step, output, device };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        command.SetAction(parsed =>
        {
            var where = Devices.Resolve(parsed.GetRequiredValue(device), "--device");
            var settings = reading.Settings(parsed, terminal);
            var target = terminal.Full(parsed.GetRequiredValue(output));
            void Tell(string line) => terminal.WriteError(SafeText.Line(line));
            if (parsed.GetValue(reference) is { } worst && !(worst > 0 && double.IsFinite(worst)))
                throw new InvalidInputException("--reference", $"is {worst}; it must be above 0.");
            RequireFinite("--temperature", parsed.GetValue(temperatures), 100);
            RequireFinite("--top-p", parsed.GetValue(topP), 1);
            var folders = PlotCommand.Folders(parsed.GetRequiredValue(runs), terminal);
            RunNames.RequireDistinct(folders.Select(folder => (folder.Experiment, folder.Seed)));
            var measured = folders.Select(folder =>
            {
                var metric = Metric(folder, settings, parsed.GetValue(data));
                Set("temperatures", parsed.GetValue(temperatures), parsed.GetValue(topP) is { Length: > 0 });
                Set("topP", parsed.GetValue(topP), parsed.GetValue(temperatures) is { Length: > 0 });
                if (parsed.GetValue(samples) is { } count) metric["samples"] = count;
                if (parsed.GetValue(order) is { } n) metric["order"] = n;
                if (parsed.GetValue(model) is { } kind) metric["model"] = ScoringModel.NameOf(kind);
                var edited = settings with { Edits = [$"evaluation.metrics=[{metric.ToJsonString()}]"] };
                var (_, found) = Named(() => RunMeasurement.Of(folder.Root, where, edited, Tell, Tell, parsed.GetValue(step)));
                return new SweptRun(folder.Experiment, folder.Seed, found.Values, found.Samples.Values.First());

                // What is asked for takes the place of both, so that a sweep of top-p alone is possible.
                void Set(string name, double[]? values, bool isOtherGiven)
                {
                    if (values is { Length: > 0 } || isOtherGiven) metric[name] = JsonSerializer.SerializeToNode(values ?? []);
                }
            }).ToList();
            OutputFiles.Write(terminal.Shown(target), () =>
            {
                var drawn = TemperaturePlots.Draw(measured, target, parsed.GetValue(reference));
                foreach (var line in SweepTable.Lines(drawn, terminal.Width)) terminal.WriteLine(line);
                terminal.Output.WriteLine();
                foreach (var file in drawn.Files) terminal.WriteLine(SafeText.Line(terminal.Shown(file)));
            });
            return ExitCode.Success;
        });
        return command;

        // The metric checks the rest, but JSON has no such numbers.
        static void RequireFinite(string option, double[]? values, int most)
        {
            foreach (var value in values ?? [])
                if (!double.IsFinite(value))
                    throw new InvalidInputException(option, $"{value} found; each must be above 0 and at most {most}.");
        }
    }

    /// <summary>The run's own metric, or one with its defaults.</summary>
    static JsonObject Metric(RunFolder folder, ReadingSettings settings, string? data)
    {
        var options = ExperimentFile.ReadConfig(folder.Config, settings);
        var own = options.Resolved["evaluation"]!["metrics"]!.AsArray()
            .FirstOrDefault(metric => (string?)metric!["kind"] == TemperatureSweepMetric.Kind)?.DeepClone().AsObject();
        var metric = own ?? new JsonObject { ["kind"] = TemperatureSweepMetric.Kind };
        metric["data"] = data ?? (string?)metric["data"] ?? options.Options.Pretraining?.Data
            ?? (options.Options.Data.Count == 1 ? options.Options.Data.Keys.Single() : throw new InvalidInputException("--data",
                $"{folder.Root} has no pretraining, whose data set would be taken; name one of " +
                $"{string.Join(", ", options.Options.Data.Keys.Order(StringComparer.Ordinal))}."));
        return metric;
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
            throw new InvalidInputException([.. refused.Problems.Select(problem => MetricPath().Match(problem.Place) is
                { Success: true } found ? problem with { Place = Option(found.Groups["option"].Value) } : problem)]);
        }

        static string Option(string name) => name switch { "temperatures" => "--temperature", "topP" => "--top-p", _ => $"--{name}" };
    }

    [GeneratedRegex(@"^--set evaluation\.metrics: \$\.evaluation\.metrics\[0\]\.(?<option>\w+)")]
    private static partial Regex MetricPath();
}
