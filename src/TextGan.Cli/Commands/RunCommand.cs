using System.Text.Json.Nodes;
using TextGan.Cli.Jobs;
using TextGan.Reporting.Report;
using TextGan.Runs.Events;

namespace TextGan.Cli.Commands;

/// <summary>What runs experiments: <see cref="ExperimentRunner"/>, or a stand-in for it.</summary>
public delegate IReadOnlyList<RunResult> RunStarter(
    RunnerOptions options, IRunSink sink, IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop);

/// <summary>Runs the experiments of a file.</summary>
public static class RunCommand
{
    /// <summary>So many runs are named where one that was asked for is not among them.</summary>
    const int MostNamed = 10;

    /// <summary>The library's runner.</summary>
    public static IReadOnlyList<RunResult> Start(
        RunnerOptions options, IRunSink sink, IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop) =>
        new ExperimentRunner(options, sink).Run(experiments, stop);

    /// <param name="terminal">Where the command runs.</param>
    /// <param name="standIn">Takes the runner's place; null for the library's.</param>
    public static Command Create(Terminal terminal, RunStarter? standIn)
    {
        var files = new ExperimentFiles();
        var jobs = new JobArguments();
        var runs = new Option<string>("--runs") {
            Description = "Folder for metrics, samples and checkpoints.", HelpName = "FOLDER", DefaultValueFactory = _ => "runs" };
        var plots = new Option<string>("--plots") {
            Description = "Folder for plots.", HelpName = "FOLDER", DefaultValueFactory = _ => "plots" };
        var run = new Option<string?>("--run") {
            Description = "Make this run only; other processes may make other runs of the file at the same time.", HelpName = "NAME/SEED" };
        var restart = new Option<bool>("--restart") { Description = "Start every chosen run over; its earlier files are deleted." };
        var form = new ResultForm(hasQuiet: true);
        var command = new Command(
            "run", "Run experiments: train, measure, draw plots. Runs that an earlier command finished are not run again; those it began " +
            "are resumed. Exit code 1 if a run failed, 2 if the input of one is invalid, 130 after Ctrl+C and 143 after SIGTERM, which " +
            "end cleanly with a checkpoint.");
        files.AddTo(command, terminal);
        run.CompletionSources.Add(Completions.Of(context => files.Runs(context.ParseResult, terminal)));
        command.Add(run);
        jobs.AddTo(command);
        command.Add(runs);
        command.Add(plots);
        command.Add(restart);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            var began = terminal.Clock.GetTimestamp();
            var order = jobs.Order(parsed);
            var experiments = files.Read(parsed, terminal);
            var options = new RunnerOptions
            {
                RunsFolder = terminal.Full(parsed.GetRequiredValue(runs)), Restart = parsed.GetValue(restart),
                Only = parsed.GetValue(run) is { } only ? RunOf(experiments, only) : null,
                Command = order is null ? RepeatedArguments.Typed(parsed) : order.Command,
            };
            if (order is not null)
            {
                Worker.Run(options,
                    [.. experiments.Select(experiment => JobOptions.Planned(experiment, order.Threads, order.Device))],
                    order, terminal.Clock);
                return ExitCode.Success;
            }
            var plan = jobs.Plan(parsed, terminal.CurrentFolder, experiments, options.Only);
            var device = plan.Devices.Count > 0 ? plan.Devices[0] : null;
            experiments = [.. experiments.Select(experiment => JobOptions.Planned(experiment, plan.Threads, device))];
            var start = standIn ?? (plan.Count > 1 ? (given, sink, all, stop) => new JobRunner(plan, given, sink).Run(all, stop) : Start);
            var plotsFolder = terminal.Full(parsed.GetRequiredValue(plots));
            var display = Display(terminal, form.IsQuiet(parsed), plan.Count > 1);
            options = options with { Ask = PersonAtTerminal.Of(terminal, display, plan.Count <= 1) };
            var plotting = new PlotSink(plotsFolder, files.Name(parsed), display);
            var (results, stopped) = Run(experiments, options, display, plotting, start);
            var took = terminal.Clock.GetElapsedTime(began);
            if (form.IsJson(parsed)) ResultForm.Write(Json(results, plotting.Report, took, terminal), terminal);
            else Show(results, options.RunsFolder, plotsFolder, plotting.Report, terminal, took);
            return stopped ?? (results.Any(result => result.Outcome == "failed" && result.Refused is null) ? ExitCode.Failure
                : results.Any(result => result.Refused is not null) ? ExitCode.BadInput
                : ExitCode.Success);
        });
        return command;
    }

    /// <summary>The results, and the exit code of a signal that kept something from being done.</summary>
    static (IReadOnlyList<RunResult> Results, int? Stopped) Run(
        IReadOnlyList<LoadedExperiment> experiments, RunnerOptions options, ProgressDisplay display, PlotSink plots, RunStarter start)
    {
        using var signals = new StopSignals(display.Notice, display.Abandon);
        var results = display.While(() => start(options, new RunSinks(plots, display), experiments, signals.Token));
        var count = options.Only is null ? experiments.Sum(experiment => experiment.Options.Seeds.Count) : 1;
        var isDone = results.Count == count && results.All(result => result.Outcome != "stopped");
        return (results, isDone ? null : signals.ExitCode);
    }

    /// <exception cref="InvalidInputException">The experiments have no such run.</exception>
    static RunId RunOf(IReadOnlyList<LoadedExperiment> experiments, string name)
    {
        RunId[] all = [.. experiments.SelectMany(
            experiment => experiment.Options.Seeds.Select(seed => new RunId(experiment.Options.Name, seed)))];
        return all.FirstOrDefault(run => run.Path == name.Replace('\\', '/')) ?? // as a folder's name is typed on Windows
             throw new InvalidInputException("--run",
            $"there is no run '{name}'.{NearestMatch.Hint(name, all.Select(run => run.Path))} There are " +
            $"{string.Join(", ", all.Take(MostNamed).Select(run => run.Path))}" +
            $"{(all.Length > MostNamed ? $" and {all.Length - MostNamed} more; 'textgan list' shows them" : "")}.");
    }

    static ProgressDisplay Display(Terminal terminal, bool quiet, bool many) =>
        quiet ? new QuietProgress(terminal.Error, terminal.Clock) { IsOfMany = many }
        : terminal.Live is { } live ? new TerminalProgress(live, terminal.Clock) { IsOfMany = many }
        : new PlainProgress(terminal.Output, terminal.Error, terminal.Clock) { IsOfMany = many };

    static JsonObject Json(IReadOnlyList<RunResult> results, WrittenReport? report, TimeSpan took, Terminal terminal) => new()
    {
        ["runs"] = new JsonArray([.. results.Select(result => new JsonObject
        {
            ["experiment"] = result.Name, ["seed"] = result.Seed, ["outcome"] = result.Outcome, ["message"] = result.Message,
            ["folder"] = terminal.Shown(result.Folder), ["isEarlier"] = result.IsEarlier,
            ["metrics"] = new JsonObject(
                result.FinalMetrics.Select(metric => KeyValuePair.Create(metric.Key, ResultForm.Number(metric.Value)))),
            ["samples"] = new JsonObject(result.Samples.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
            ["missing"] = new JsonObject(result.Missing.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
        })]),
        ["experiments"] = ChangeText.Json(report?.Changes ?? []),
        ["report"] = report is null ? null : terminal.Shown(report.File),
        ["seconds"] = took.TotalSeconds,
    };

    static void Show(
        IReadOnlyList<RunResult> results, string runs, string plots, WrittenReport? report, Terminal terminal, TimeSpan took)
    {
        var table = ResultTable.Lines(results, terminal.Width);
        if (table.Count > 0)
        {
            terminal.Output.WriteLine();
            foreach (var line in table) terminal.WriteLine(line);
        }
        if (report is not null)
        {
            terminal.Output.WriteLine();
            foreach (var sentence in ChangeText.Sentences(report.Changes)) terminal.WriteLine(sentence);
        }
        terminal.Output.WriteLine();
        terminal.WriteLine(SafeText.Line($"{ResultTable.Counts(results)} in {NumberText.Time(took)}. Runs: {terminal.Shown(runs)}, " +
            $"plots: {terminal.Shown(plots)}{(report is null ? "" : $", report: {terminal.Shown(report.File)}")}."));
    }
}
