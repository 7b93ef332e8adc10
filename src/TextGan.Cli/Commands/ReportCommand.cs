using System.Globalization;
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
        var output = new Option<string>("--output", "-o") {
            Description = "The file to write.", HelpName = "FILE", DefaultValueFactory = _ => "report.html" };
        var command = new Command("report", "Write a page for the browser that needs no network: summary, curves, quality against " +
            "diversity, samples, differences between configurations, events, environments, commands.") { runs, output };
        command.SetAction(parsed =>
        {
            var target = OutputFiles.Path("--output", parsed.GetRequiredValue(output), terminal)!;
            var folders = PlotCommand.Folders(
                [.. parsed.GetRequiredValue(runs).SelectMany(name => FrontCommand.Experiments(name, terminal))], terminal);
            OutputFiles.Write("--output", () =>
            {
                var written = RunReport.Write([.. folders.Select(folder => folder.Root)], target)
                    ?? throw new InvalidInputException("RUN", "no run has logged anything yet.");
                foreach (var note in written.Notes) terminal.Error.WriteLine(SafeText.Line(note));
                terminal.Output.WriteLine($"Wrote {SafeText.Line(terminal.Shown(target))}: {Amount.Of(written.Runs, "run")}, " +
                    string.Create(CultureInfo.InvariantCulture, $"{written.Bytes / 1e6:0.0} MB."));
            }, $"'{target}'");
            return ExitCode.Success;
        });
        return command;
    }
}
