using System.Text.Json.Nodes;
using TextGan.Cli.Status;
using TextGan.Reporting;
using TextGan.Reporting.Documents;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Writes a file of experiments/results from run folders.</summary>
public static class SummarizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Run folders: runs/EXPERIMENT/SEED, or runs/EXPERIMENT for all its seeds.",
            Arity = ArgumentArity.OneOrMore,
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var output = new Option<string>("--out", "-o") {
            Description = "File to write, such as experiments/results/NAME.json.", HelpName = "FILE", Required = true };
        var made = new Option<string?>("--command") {
            Description = "The command that made the runs, for documents. Default: that in environment.json, if all runs have the same.",
            HelpName = "TEXT" };
        var logged = new Option<string[]>("--logged")
        {
            Description = "A name of values that are logged at training steps, with '*' for any characters ('term/*/raw'). Each " +
                "evaluation gets their mean over the steps since the one before. May be repeated. Default: values of evaluations alone.",
            HelpName = "NAME",
        };
        var command = new Command(
            "summarize", "Write what documents need of runs (evaluations, seconds, versions) into a small JSON file.") {
            runs, output, made, logged };
        var form = new ResultForm(hasQuiet: true);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            var target = OutputFiles.Path("--out", parsed.GetRequiredValue(output), terminal)!;
            var patterns = (parsed.GetValue(logged) ?? []).Distinct().ToDictionary(pattern => pattern, _ => 0);
            var (summaries, problems) = (new List<RunSummary>(), new ProblemList());
            var folders = PlotCommand.Folders(parsed.GetRequiredValue(runs), terminal);
            foreach (var folder in folders)
                problems.Note(() => summaries.AddRange(Of(folder, IsLogged, terminal) is { } summary ? [summary] : []));
            problems.Throw();
            if (summaries.Count == 0)
                throw new InvalidInputException("RUN", "none of the runs has an evaluation of its adversarial phase.");
            RunNames.RequireDistinct(summaries.Select(one => (one.Experiment, $"{one.Seed}")));
            if (patterns.FirstOrDefault(one => one.Value == 0).Key is { } unused)
                throw new InvalidInputException("--logged", $"no run has values of the name '{unused}' at its training steps.");
            var text = parsed.GetValue(made) ?? CommandOf(folders);
            var file = new ResultFile(string.IsNullOrWhiteSpace(text) ? null : SafeText.Line(text), summaries);
            OutputFiles.Write("--out", () => AtomicFile.WriteText(target, file.ToJson()), $"'{target}'");
            if (form.IsJson(parsed))
            {
                ResultForm.Write(new JsonObject
                {
                    ["file"] = terminal.Shown(target),
                    ["runs"] = ResultForm.Texts(summaries.Select(one => $"{one.Experiment}/{one.Seed}")),
                }, terminal);
            }
            else if (!form.IsQuiet(parsed))
            {
                terminal.WriteLine($"Wrote {SafeText.Line(terminal.Shown(target))}: {Amount.Of(summaries.Count, "run")}.");
            }
            return ExitCode.Success;

            bool IsLogged(string name)
            {
                string[] fitting = [.. patterns.Keys.Where(one => NamePattern.Fits(one, name))];
                foreach (var one in fitting) patterns[one]++;
                return fitting.Length > 0;
            }
        });
        return command;
    }

    /// <summary>The command that worked on all of the runs last; null if they were several, or if that is not known of one.</summary>
    static string? CommandOf(IReadOnlyList<RunFolder> folders)
    {
        string?[] commands = [.. folders.Select(folder => RunEnvironment.HistoryIn(folder)[^1]["command"]?.ToString()).Distinct()];
        return commands is [var only] ? only : null;
    }

    /// <summary>Null for a run that is still to be evaluated: its pretraining is no result of its experiment.</summary>
    static RunSummary? Of(RunFolder folder, Func<string, bool> logged, Terminal terminal)
    {
        var environment = RunEnvironment.HistoryIn(folder)[^1];
        string Known(string name) => environment[name] is JsonValue value ? value.ToString() : "unknown";
        var summary = RunSummary.Of(RunLog.Read(folder.Root), RunFingerprint.KeyIn(folder), Known("textgan"),
            $"{Known("processor")}, processors: {Known("processors")}, device: {Known("device")}, threads: {Known("threads")}",
            Known("started") is { Length: > 10 } started ? started[..10] : "", logged);
        if (RunOutcome.Read(folder)?.Kind == StatusKind.Finished) return summary;
        terminal.WriteError(SafeText.Line($"warning: {folder.Root} is not finished; " + (summary.Adversarial is null
            ? "it has no evaluation of its adversarial phase, and is left out."
            : $"its summary ends at iteration {Display.NumberText.Whole(summary.Iterations)}.")));
        return summary.Adversarial is null ? null : summary;
    }
}
