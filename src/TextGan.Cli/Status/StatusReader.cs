using System.Globalization;
using System.Text.Json.Nodes;
using TextGan.Cli.Cluster;

namespace TextGan.Cli.Status;

/// <summary>
/// Tells what the runs of a folder are doing from files alone: a run's lock, its outcome, and what the script of an array job noted. Of
/// outcome and notes the later one counts, because a run may be made by a job first and by hand later.
/// </summary>
public static class StatusReader
{
    /// <summary>All runs of the folder and of the jobs that were submitted from there, by name and seed.</summary>
    public static IReadOnlyList<RunStatus> Read(string runsFolder, DateTimeOffset now)
    {
        var elements = new Dictionary<RunId, ElementStatus>(); // of several the last one
        foreach (var job in Submission.In(runsFolder))
            for (var i = 0; i < job.Runs.Count; i++) if (Parse(job.Runs[i]) is { } run) elements[run] = new(run, job, i, now);
        return [.. FoldersOf(runsFolder).Union(elements.Keys).OrderBy(run => run.Experiment, StringComparer.Ordinal).ThenBy(run => run.Seed)
            .Select(run => Of(run, RunFolder.Of(runsFolder, run.Experiment, run.Seed), elements.GetValueOrDefault(run)))];
    }

    /// <summary>Whether the process that works in a run's folder trains or waits for its turn; null where none does.</summary>
    public static StatusKind? Held(RunFolder folder) =>
        // Asking for the lock takes it for a moment, so that this is done only where somebody may hold it.
        File.Exists(folder.Holder) && RunLock.IsHeld(folder) ? HeldAs(folder, RunOutcome.Read(folder)) : null;

    static IEnumerable<RunId> FoldersOf(string runsFolder) =>
        !Directory.Exists(runsFolder) ? [] : Directory.EnumerateDirectories(runsFolder).SelectMany(Directory.EnumerateDirectories)
            .Select(folder => new RunFolder(folder)).Where(folder => File.Exists(folder.Config) || RunLock.IsHeld(folder))
            .Select(folder => Parse($"{folder.Experiment}/{folder.Seed}")).OfType<RunId>();

    static RunId? Parse(string name) => name.Split('/') is [var experiment, var seed]
        && int.TryParse(seed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? new(experiment, number) : null;

    static RunStatus Of(RunId run, RunFolder folder, ElementStatus? element)
    {
        var outcome = RunOutcome.Read(folder);
        var status = RunLock.IsHeld(folder) ? element?.Locked ?? Locked(run, folder, outcome)
            : element is not null && !(outcome?.Ended > element.At) ? element.Unlocked(outcome)
            : Unlocked(run, folder, outcome);
        return status with { Progress = LogTail.Read(folder.Metrics), Iterations = IterationsOf(folder) };
    }

    static RunStatus Locked(RunId run, RunFolder folder, RunOutcome? outcome)
    {
        var holder = RunHolder.Read(folder);
        return new(run, HeldAs(folder, outcome)) {
            Since = holder?.Since, Where = holder is null ? null : $"process {holder.Process} on {holder.Host}" };
    }

    /// <summary>A command locks all of its runs before it begins the first one.</summary>
    static StatusKind HeldAs(RunFolder folder, RunOutcome? outcome) =>
        outcome is not null || !File.Exists(folder.Config) ? StatusKind.Queued : StatusKind.Running;

    static RunStatus Unlocked(RunId run, RunFolder folder, RunOutcome? outcome)
    {
        if (outcome is not null) return new(run, outcome.Kind) { Since = outcome.Ended, Reason = outcome.Message };
        return new(run, StatusKind.Failed) { Reason = RunHolder.Read(folder) is { } holder && holder.Host != Environment.MachineName
            ? $"killed, or runs on {holder.Host}, whose locks cannot be seen from here ({holder})"
            : "killed; the same command resumes it" };
    }

    static long? IterationsOf(RunFolder folder) => JsonFile.Read(folder.Config)?["training"] is JsonObject training
        && training["iterations"] is JsonValue value && value.TryGetValue<long>(out var iterations) ? iterations : null;
}
