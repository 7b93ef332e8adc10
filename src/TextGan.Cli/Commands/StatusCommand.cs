using System.Text.Json.Nodes;
using TextGan.Cli.Status;

namespace TextGan.Cli.Commands;

/// <summary>Tells what runs are doing, from their folders.</summary>
public static class StatusCommand
{
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:sszzz";

    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string>("RUNS") {
            Description = "Folder of run folders.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "runs" };
        var form = new ResultForm(hasQuiet: false);
        var command = new Command(
            "status", "Show which runs are queued, running, stopped (the same command resumes them), finished or failed.") { runs };
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = terminal.Full(parsed.GetRequiredValue(runs));
            if (!Directory.Exists(folder))
                throw new InvalidInputException(terminal.Shown(folder), File.Exists(folder)
                    ? "is a file; name a folder of run folders." : "does not exist; name a folder of run folders.");
            var now = terminal.Clock.GetLocalNow();
            var all = StatusReader.Read(folder, now);
            if (form.IsJson(parsed)) ResultForm.Write(Json(all, folder), terminal);
            else foreach (var line in Lines(all, now, terminal.Width)) terminal.WriteLine(line);
            return ExitCode.Success;
        });
        return command;
    }

    static IEnumerable<string> Lines(IReadOnlyList<RunStatus> all, DateTimeOffset now, int width)
    {
        if (all.Count == 0) return ["no runs"];
        var table = new TextTable("run", "status", "for", "phase", "step", "left", "limit in", "where") { LeftAligned = true };
        foreach (var run in all)
        {
            var step = run.Progress is not { } progress ? ""
                : progress.Phase == Phase.Adversarial && run.Iterations is { } iterations
                    ? $"{NumberText.Whole(progress.Step)}/{NumberText.Whole(iterations)}" : NumberText.Whole(progress.Step);
            table.Add(SafeText.Line(run.Run.Path, 60), Name(run), Time(now - run.Since),
                run.Progress is null ? "" : PhaseProgress.Name(run.Progress.Phase), step, Time(run.Left), Time(run.Limit - now),
                SafeText.Line(run.Where));
        }
        var counts = all.GroupBy(run => run.Kind).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Name(group.First())}");
        return
        [
            .. table.Lines(width), "",
            .. all.Where(run => run.Reason is not null).Select(run => SafeText.Line($"{run.Run.Path} {Name(run)}: {run.Reason}")),
            $"{Amount.Of(all.Count, "run")}: {string.Join(", ", counts)}",
        ];
    }

    static string Time(TimeSpan? time) => time is { } known ? NumberText.Time(known) : "";

    static string Name(RunStatus run) => run.Kind.ToString().ToLowerInvariant();

    static JsonArray Json(IReadOnlyList<RunStatus> all, string folder) => [.. all.Select(run => new JsonObject
    {
        ["run"] = run.Run.Path,
        ["status"] = Name(run),
        ["since"] = run.Since?.ToString(TimeFormat),
        ["phase"] = run.Progress?.Phase.NameOf(),
        ["step"] = run.Progress?.Step,
        ["iterations"] = run.Iterations,
        ["secondsLeft"] = run.Left?.TotalSeconds,
        ["limit"] = run.Limit?.ToString(TimeFormat),
        ["where"] = run.Where,
        ["reason"] = run.Reason,
        ["folder"] = RunFolder.Of(folder, run.Run.Experiment, run.Run.Seed).Root,
    })];
}
