using System.CommandLine;
using TextGan.Cli.Display;
using TextGan.Experiments.Reading;
using TextGan.Experiments.Running;
using TextGan.Training;

namespace TextGan.Cli.Commands;

/// <summary>What runs experiments: <see cref="ExperimentRunner"/>, or a stand-in for it.</summary>
public delegate IReadOnlyList<RunResult> RunStarter(
    RunnerOptions options, IRunObserver observer, IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop);

/// <summary>Runs the experiments of a file.</summary>
public static class RunCommand
{
    /// <summary>The library's runner.</summary>
    public static IReadOnlyList<RunResult> Start(
        RunnerOptions options, IRunObserver observer, IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop) =>
        new ExperimentRunner(options, observer).Run(experiments, stop);

    public static Command Create(Terminal terminal, RunStarter start)
    {
        var files = new ExperimentFiles();
        var runs = new Option<string>("--runs") { Description = "Folder for metrics, samples and checkpoints.", HelpName = "FOLDER", DefaultValueFactory = _ => "runs" };
        var plots = new Option<string>("--plots") { Description = "Folder for plots.", HelpName = "FOLDER", DefaultValueFactory = _ => "plots" };
        var restart = new Option<bool>("--restart") { Description = "Begin every chosen run anew; its earlier files are deleted." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show the results only." };
        var command = new Command("run", "Run experiments: train, measure, draw plots. Runs that an earlier command finished are not run again, those it began go on. Exit code 1 if a run failed, 2 if the input of one cannot be used, 130 after Ctrl+C and 143 after SIGTERM, which end cleanly with a checkpoint.");
        files.AddTo(command);
        command.Add(runs);
        command.Add(plots);
        command.Add(restart);
        command.Add(quiet);
        command.SetAction(parsed =>
        {
            var began = terminal.Clock.GetTimestamp();
            var experiments = files.Read(parsed, terminal);
            var options = new RunnerOptions { RunsFolder = terminal.Full(parsed.GetRequiredValue(runs)), PlotsFolder = terminal.Full(parsed.GetRequiredValue(plots)), Comparison = files.Name(parsed), Restart = parsed.GetValue(restart) };
            var (results, stopped) = Run(experiments, options, Display(terminal, parsed.GetValue(quiet)), start);
            Show(results, options, terminal, terminal.Clock.GetElapsedTime(began));
            return stopped ?? (results.Any(result => result.Outcome == "failed" && result.Refused is null) ? ExitCode.Failure
                : results.Any(result => result.Refused is not null) ? ExitCode.BadInput
                : ExitCode.Success);
        });
        return command;
    }

    /// <summary>The results, and the exit code of a signal that kept something from being done.</summary>
    static (IReadOnlyList<RunResult> Results, int? Stopped) Run(IReadOnlyList<LoadedExperiment> experiments, RunnerOptions options, ProgressDisplay display, RunStarter start)
    {
        using var signals = new StopSignals(display.Notice, display.Abandon);
        var results = display.While(() => start(options, display, experiments, signals.Token));
        var isDone = results.Count == experiments.Sum(experiment => experiment.Options.Seeds.Count) && results.All(result => result.Outcome != "stopped");
        return (results, isDone ? null : signals.ExitCode);
    }

    static ProgressDisplay Display(Terminal terminal, bool quiet) =>
        quiet ? new QuietProgress(terminal.Error)
        : terminal.Live is { } live ? new TerminalProgress(live, terminal.Clock)
        : new PlainProgress(terminal.Output, terminal.Error, terminal.Clock);

    static void Show(IReadOnlyList<RunResult> results, RunnerOptions options, Terminal terminal, TimeSpan took)
    {
        var table = ResultTable.Lines(results, terminal.Width);
        if (table.Count > 0)
        {
            terminal.Output.WriteLine();
            foreach (var line in table) terminal.Output.WriteLine(line);
        }
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"{ResultTable.Counts(results)} in {NumberText.Time(took)}. " +
            $"Runs: {SafeText.Line(terminal.Shown(options.RunsFolder))}, plots: {SafeText.Line(terminal.Shown(options.PlotsFolder))}.");
    }
}
