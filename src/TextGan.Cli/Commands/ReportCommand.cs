using System.Globalization;
using System.Text.Json.Nodes;
using TextGan.Reporting.Report;

namespace TextGan.Cli.Commands;

/// <summary>Writes runs as one HTML page.</summary>
public static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Run folders (runs/EXPERIMENT/SEED), experiments' (runs/EXPERIMENT) or the folder of all (runs).",
            Arity = ArgumentArity.OneOrMore,
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var output = new Option<string>("--output", "-o") {
            Description = "The file to write.", HelpName = "FILE", DefaultValueFactory = _ => "report.html" };
        var command = new Command("report", "Write a page for the browser that needs no network: summary, curves, quality against " +
            "diversity, samples, differences between configurations, events, environments, commands.") { runs, output };
        var form = new ResultForm(hasQuiet: true);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            var target = OutputFiles.Path("--output", parsed.GetRequiredValue(output), terminal)!;
            var folders = PlotCommand.Folders(
                [.. parsed.GetRequiredValue(runs).SelectMany(name => FrontCommand.Experiments(name, terminal))], terminal);
            OutputFiles.Write("--output", () =>
            {
                var written = RunReport.Write([.. folders.Select(folder => folder.Root)], target)
                    ?? throw new InvalidInputException("RUN", "no run has logged anything yet.");
                if (form.IsJson(parsed))
                {
                    ResultForm.Write(new JsonObject
                    {
                        ["file"] = terminal.Shown(target), ["runs"] = written.Runs, ["bytes"] = written.Bytes,
                        ["notes"] = ResultForm.Texts(written.Notes), ["experiments"] = ChangeText.Json(written.Changes),
                    }, terminal);
                }
                if (form.IsQuiet(parsed)) return;
                foreach (var note in written.Notes) terminal.WriteError(SafeText.Line(note));
                terminal.WriteLine($"Wrote {SafeText.Line(terminal.Shown(target))}: {Amount.Of(written.Runs, "run")}, " +
                    string.Create(CultureInfo.InvariantCulture, $"{written.Bytes / 1e6:0.0} MB."));
            }, $"'{target}'");
            return ExitCode.Success;
        });
        return command;
    }
}
