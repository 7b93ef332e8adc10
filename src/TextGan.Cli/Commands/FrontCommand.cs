using System.Globalization;
using System.Text.Json.Nodes;
using TextGan.Cli.Status;
using TextGan.Reporting;

namespace TextGan.Cli.Commands;

/// <summary>Draws the Pareto front of finished runs.</summary>
public static class FrontCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Run folders (runs/EXPERIMENT/SEED), experiments' (runs/EXPERIMENT) or the folder of all (runs).",
            Arity = ArgumentArity.OneOrMore,
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var horizontal = new Option<string[]>("--x")
        {
            Description = "Metric of the horizontal axis, with a --y for each. May be repeated. Default: the exact attributes and gold " +
                "rewards that all runs have measured, in pairs and against the quality of the texts.",
            HelpName = "METRIC",
        };
        var vertical = new Option<string[]>("--y") { Description = "Metric of the vertical axis.", HelpName = "METRIC" };
        var lower = new Option<string[]>("--lower") {
            Description = "A metric of which lower values are better, if its name does not tell.", HelpName = "METRIC" };
        var higher = new Option<string[]>("--higher") {
            Description = "A metric of which higher values are better, if its name does not tell.", HelpName = "METRIC" };
        var reference = new Option<string[]>("--reference")
        {
            Description = "A coordinate of the hypervolumes' reference point. May be repeated. Default: the worst value of any run.",
            HelpName = "METRIC=VALUE",
        };
        var output = new Option<string>("--output", "-o") {
            Description = "Folder for the pictures and tables.", HelpName = "FOLDER", DefaultValueFactory = _ => "plots/front" };
        var command = new Command("front", "Draw finished experiments in the plane of two metrics, say which are dominated, and measure " +
            "their hypervolumes.") { runs, horizontal, vertical, lower, higher, reference, output };
        var form = new ResultForm(hasQuiet: false);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            void Say(string line) => terminal.WriteError(SafeText.Line(line));
            var target = terminal.Full(parsed.GetRequiredValue(output));
            var request = new FrontRequest
            {
                Horizontal = parsed.GetValue(horizontal) ?? [], Vertical = parsed.GetValue(vertical) ?? [],
                Lower = parsed.GetValue(lower) ?? [], Higher = parsed.GetValue(higher) ?? [],
                Reference = Coordinates(parsed.GetValue(reference) ?? []),
            };
            var all = PlotCommand.Folders([.. parsed.GetRequiredValue(runs).SelectMany(name => Experiments(name, terminal))], terminal);
            var finished = all.Where(folder => RunOutcome.Read(folder)?.Kind == StatusKind.Finished).ToList();
            foreach (var folder in all.Except(finished)) Say($"{folder.Root} is left out: it has not finished");
            if (finished.Count == 0) throw new InvalidInputException("RUN", "no run has finished.");
            OutputFiles.Write(terminal.Shown(target), () =>
            {
                var drawn = FrontPlots.Draw([.. finished.Select(folder => folder.Root)], target, request, Say);
                if (form.IsJson(parsed))
                {
                    ResultForm.Write(Json(drawn, terminal), terminal);
                    return;
                }
                foreach (var line in FrontTable.Lines(drawn, terminal.Width)) terminal.WriteLine(line);
                terminal.Output.WriteLine();
                foreach (var file in drawn.Files) terminal.WriteLine(SafeText.Line(terminal.Shown(file)));
            });
            return ExitCode.Success;
        });
        return command;
    }

    static JsonObject Json(DrawnFront drawn, Terminal terminal)
    {
        var front = drawn.Front;
        return new()
        {
            ["metrics"] = new JsonArray([.. front.Metrics.Zip(front.Reference, (metric, worst) => new JsonObject
            {
                ["name"] = metric.Name, ["better"] = metric.HigherIsBetter ? "higher" : "lower", ["reference"] = ResultForm.Number(worst),
            })]),
            ["experiments"] = new JsonArray([.. front.Points.Select(point => new JsonObject
            {
                ["name"] = point.Name, ["seeds"] = ResultForm.Texts(point.Seeds.Select(seed => seed.Seed)),
                ["values"] = new JsonObject(front.Metrics.Zip(point.Values,
                    (metric, value) => KeyValuePair.Create(metric.Name, (JsonNode?)Json(value)))),
                ["dominatedBy"] = new JsonArray([.. front.Dominating(point).Select(other => new JsonObject
                {
                    ["name"] = other.Name, ["worstSeedAboveBest"] = front.IsApart(other, point),
                })]),
            })]),
            ["hypervolumes"] = new JsonArray([.. drawn.Volumes.Select(volume => new JsonObject
            {
                ["metrics"] = ResultForm.Texts(volume.Metrics.Select(metric => metric.Name)), ["of"] = volume.Set,
                ["ofMeans"] = ResultForm.Number(volume.OfMeans), ["ofSeeds"] = Json(volume.OfSeeds),
            })]),
            ["files"] = ResultForm.Texts(drawn.Files.Select(terminal.Shown)),
        };

        static JsonObject Json(SeedPoint point) => new()
        {
            ["mean"] = ResultForm.Number(point.Mean), ["low"] = ResultForm.Number(point.Low), ["high"] = ResultForm.Number(point.High),
            ["count"] = point.Count,
        };
    }

    /// <summary>The experiments in a folder of all runs; else the folder itself.</summary>
    internal static string[] Experiments(string name, Terminal terminal)
    {
        var path = terminal.Full(name);
        if (!Directory.Exists(path) || PlotCommand.HasRuns(path)) return [name];
        string[] experiments = [.. Directory.EnumerateDirectories(path).Where(folder => folder != RunFolder.SharedIn(path))
            .Where(PlotCommand.HasRuns).Order(StringComparer.Ordinal)];
        return experiments.Length > 0 ? experiments : [name];
    }

    static Dictionary<string, double> Coordinates(string[] given)
    {
        var found = new Dictionary<string, double>();
        foreach (var one in given)
        {
            var equal = one.LastIndexOf('=');
            if (equal < 1 || !double.TryParse(one[(equal + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !double.IsFinite(value))
                throw new InvalidInputException("--reference", $"'{one}' is not METRIC=VALUE with a finite value.");
            if (!found.TryAdd(one[..equal], value))
                throw new InvalidInputException("--reference", $"'{one[..equal]}' is given twice.");
        }
        return found;
    }
}
