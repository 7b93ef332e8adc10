using System.Text.RegularExpressions;
using TextGan.Cli.Cluster;
using TextGan.Cli.Status;
using TextGan.Runs.Events;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Has a cluster make the runs of a file.</summary>
public static partial class SubmitCommand
{
    const int ShownRuns = 10, LongestBeforeEnd = 65535 / 60; // Slurm's longest time for --signal

    public static Command Create(Terminal terminal)
    {
        var files = new ExperimentFiles();
        var slurm = new Option<bool>("--slurm") { Description = "Submit to Slurm, as an array job." };
        var limit = new Option<int?>("--limit") { Description = "Run at most this many at once. Default: as many as Slurm lets run.",
            HelpName = "N" };
        var time = new Option<string?>("--time") {
            Description = "Time limit of a job, such as 30 (minutes) or 2:00:00. A run that needs longer is requeued, and resumes. " +
                "Default: the partition's.", HelpName = "TIME" };
        var partition = new Option<string?>("--partition") { Description = "Partition. Default: Slurm's.", HelpName = "NAME" };
        var beforeEnd = new Option<int>("--before-end") {
            Description = "Write a checkpoint and requeue this many minutes before the time limit; more than the longest step or " +
                "evaluation takes.", HelpName = "MINUTES", DefaultValueFactory = _ => 5 };
        var template = new Option<string?>("--template") {
            Description = "File with further #SBATCH lines, and with lines of bash that run before the program.", HelpName = "FILE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the script; write and submit nothing." };
        var runs = new Option<string>("--runs") {
            Description = "Folder for metrics, samples and checkpoints.", HelpName = "FOLDER", DefaultValueFactory = _ => "runs" };
        var plots = new Option<string>("--plots") {
            Description = "Folder for plots.", HelpName = "FOLDER", DefaultValueFactory = _ => "plots" };
        var command = new Command(
            "submit", "Submit the runs of a file to a cluster, without those that are finished or running. 'status' shows them.");
        files.AddTo(command, terminal);
        Option[] own = [slurm, limit, time, partition, beforeEnd, template, dryRun];
        foreach (var option in (Option[])[.. own, runs, plots]) command.Add(option);
        command.SetAction(parsed =>
        {
            if (!parsed.GetValue(slurm)) throw new InvalidInputException("--slurm", "is missing; Slurm is the only kind of cluster.");
            var before = parsed.GetValue(beforeEnd);
            Check(parsed.GetValue(limit), parsed.GetValue(time), parsed.GetValue(partition), before);
            var added = parsed.GetValue(template) is { } file
                ? SlurmTemplate.Read(terminal.Shown(terminal.Full(file))) : SlurmTemplate.Empty;
            var folder = terminal.Full(parsed.GetRequiredValue(runs));
            var isDry = parsed.GetValue(dryRun);
            var chosen = Unfinished(files.Read(parsed, terminal), folder, terminal, isDry);
            if (chosen.Count == 0)
            {
                terminal.WriteError("Nothing to submit.");
                return ExitCode.Success;
            }
            var submission = Submission.New(folder, terminal.Clock.GetLocalNow(), chosen);
            var job = new SlurmJob
            {
                Name = $"textgan-{NotInNames().Replace(files.Name(parsed), "-")}",
                Runs = chosen,
                Program = Program(),
                Arguments = RepeatedArguments.Of(parsed, own),
                WorkingFolder = terminal.CurrentFolder,
                Folder = submission.Folder,
                Limit = parsed.GetValue(limit),
                Time = parsed.GetValue(time),
                Partition = parsed.GetValue(partition),
                BeforeEnd = before,
                Template = added,
            };
            if (isDry) terminal.Output.Write(SlurmScript.Of(job));
            else Submit(submission, job, Sbatch.Find(terminal), terminal);
            return ExitCode.Success;
        });
        return command;
    }

    static void Check(int? limit, string? time, string? partition, int before)
    {
        if (limit < 1) throw new InvalidInputException("--limit", $"{limit} is out of range; at least 1 is allowed.");
        if (before is < 1 or > LongestBeforeEnd)
            throw new InvalidInputException("--before-end", $"{before} is out of range; 1 to {LongestBeforeEnd} minutes are allowed.");
        if (partition is not null && !PartitionNames().IsMatch(partition))
            throw new InvalidInputException("--partition", $"'{partition}' is not a name of a partition, or several with commas.");
        if (time is null) return;
        var known = SlurmTime.Parse(time)
            ?? throw new InvalidInputException("--time", $"'{time}' is not a time; these forms are allowed: {SlurmTime.Formats}.");
        if (known <= TimeSpan.FromMinutes(before))
            throw new InvalidInputException("--time",
                $"{time} leaves no time to train: a run is stopped {Amount.Of(before, "minute")} before (--before-end).");
    }

    /// <summary>The runs that a job has to make; tells of the others.</summary>
    static IReadOnlyList<string> Unfinished(IReadOnlyList<LoadedExperiment> experiments, string folder, Terminal terminal, bool isDry)
    {
        var hashes = new ContentHashes(isDry ? null : Path.Combine(folder, ".checksums.json"));
        var (plans, problems) = (new List<RunPlan>(), new List<Problem>());
        foreach (var experiment in experiments)
        {
            try
            {
                var fingerprint = RunFingerprint.Of(experiment, hashes);
                foreach (var seed in experiment.Options.Seeds)
                {
                    plans.Add(new RunPlan(experiment, seed, folder));
                    plans[^1].Look(fingerprint);
                }
            }
            catch (InvalidInputException bad)
            {
                problems.AddRange(bad.Problems);
            }
        }
        if (problems.Count > 0) throw new InvalidInputException([.. problems.Distinct()]);
        var status = StatusReader.Read(folder, terminal.Clock.GetUtcNow()).ToDictionary(run => run.Run, run => run.Kind);
        var kinds = plans.ToLookup(plan => plan.Standing == RunStanding.Finished ? StatusKind.Finished
            : status.GetValueOrDefault(plan.Id, StatusKind.Stopped), plan => plan.Id.Path);
        Say(kinds[StatusKind.Finished], "finished, left out");
        Say(kinds[StatusKind.Running], "running, left out");
        Say(kinds[StatusKind.Queued], "already queued; cancel the earlier job if this one is to make them");
        return [.. plans.Where(plan => plan.Standing != RunStanding.Finished && !kinds[StatusKind.Running].Contains(plan.Id.Path))
            .Select(plan => plan.Id.Path)];

        void Say(IEnumerable<string> runs, string what)
        {
            string[] all = [.. runs];
            if (all.Length > 0) terminal.WriteError(SafeText.Line($"{what}: {string.Join(", ", all.Take(ShownRuns))}" +
                $"{(all.Length > ShownRuns ? $" and {all.Length - ShownRuns} more" : "")}"));
        }
    }

    /// <summary>How this program is started.</summary>
    static string[] Program()
    {
        var name = typeof(SubmitCommand).Assembly.GetName().Name!;
        var process = Environment.ProcessPath ?? "";
        if (Path.GetFileNameWithoutExtension(process) == name) return [process];
        return [Path.GetFileNameWithoutExtension(process) == "dotnet" ? process : "dotnet",
            Path.Combine(AppContext.BaseDirectory, name + ".dll")];
    }

    static void Submit(Submission submission, SlurmJob job, Sbatch sbatch, Terminal terminal)
    {
        try
        {
            submission.WriteDescription();
            AtomicFile.WriteText(submission.Script, SlurmScript.Of(job));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("--runs", $"'{submission.Folder}' cannot be written: {refused.Message}");
        }
        string number;
        try
        {
            number = sbatch.Submit(submission.Script, job);
        }
        catch (RunFailedException)
        {
            Directory.Delete(submission.Folder, recursive: true);
            throw;
        }
        (submission with { Job = number }).WriteDescription();
        terminal.WriteLine(SafeText.Line($"Submitted job {number}: {Amount.Of(job.Runs.Count, "run")}" +
            $"{(job.Limit is { } limit ? $", at most {limit} at once" : "")}. Script and output: {terminal.Shown(submission.Folder)}."));
    }

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"\A[A-Za-z0-9._,+-]+\z")]
    private static partial Regex PartitionNames();
}
