using System.Diagnostics;
using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>A run that a process of its own makes.</summary>
public sealed class Job
{
    const int RememberedLines = 5;

    readonly Process process;
    readonly IRunSink sink;
    readonly Queue<string> lastErrors = [];

    Job(RunPlan run, string? device, Process process, IRunSink sink)
    {
        (Run, Device, this.process, this.sink) = (run, device, process, sink);
        Ended = Task.Run(Watch);
    }

    public RunPlan Run { get; }

    /// <summary>Where it trains; null where its experiment says so.</summary>
    public string? Device { get; }

    /// <summary>How it ended.</summary>
    public Task<RunResult> Ended { get; }

    /// <summary>Whether it has come to its adversarial phase: until then it may make what other runs could take.</summary>
    public bool HasPretrained { get; private set; }

    /// <summary>Starts it.</summary>
    /// <param name="jobs">The program and its arguments.</param>
    /// <param name="order">Further arguments: what to make.</param>
    /// <param name="run">The run.</param>
    /// <param name="device">Where it trains, or null.</param>
    /// <param name="sink">Hears what happens, on another thread.</param>
    /// <exception cref="RunFailedException">The process cannot be started.</exception>
    public static Job Start(JobOptions jobs, IReadOnlyList<string> order, RunPlan run, string? device, IRunSink sink)
    {
        var start = new ProcessStartInfo(jobs.Program[0], [.. jobs.Program.Skip(1), .. order, .. jobs.Arguments])
        {
            WorkingDirectory = jobs.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            return new Job(run, device, Process.Start(start)!, sink);
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            throw new RunFailedException($"A process for {run.Id} could not be started: {refused.Message}", refused);
        }
    }

    /// <summary>Asks for a clean end, with a checkpoint.</summary>
    public void Stop()
    {
        try
        {
            process.StandardInput.WriteLine(Worker.Stop);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Bytes of main memory that it holds now; 0 where it has ended.</summary>
    public long Memory
    {
        get
        {
            try
            {
                process.Refresh();
                return process.WorkingSet64;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>It was stopped before it began.</summary>
    RunResult Stopped => new(Run.Id.Experiment, Run.Seed, "stopped", null, Run.Folder.Root, new Dictionary<string, double>());

    async Task<RunResult> Watch()
    {
        var errors = ReadErrors();
        RunResult? result = null;
        var hasStarted = false;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JobLine.Parse(line) is not { } told) continue;
            result = told.Result ?? result;
            if (told.Event is not { } happened) continue;
            hasStarted |= happened is RunEvent.Started;
            if (happened is RunEvent.PhaseStarted { Phase: Phase.Adversarial }) HasPretrained = true;
            // How runs begin and end is for the command to tell. What is said before concerns the data, which runs have in common.
            if (happened is not (RunEvent.Started or RunEvent.Ended or RunEvent.AllEnded))
                sink.Receive(hasStarted ? happened with { Run = Run.Id } : happened);
        }
        await errors;
        await process.WaitForExitAsync();
        var code = process.ExitCode;
        process.Dispose();
        return result ?? (code == ExitCode.Success ? Stopped : RunResult.Failed(Run.Id, Run.Folder.Root, new RunFailedException(Death(code))));
    }

    async Task ReadErrors()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            sink.Of(Run.Id).Say(line);
            lastErrors.Enqueue(line);
            if (lastErrors.Count > RememberedLines) lastErrors.Dequeue();
        }
    }

    string Death(int code) => $"its process ended with exit code {code}" + code switch
    {
        137 => " (SIGKILL: by hand, or by the system for want of memory)",
        > 128 and < 160 => $" (signal {code - 128})",
        _ => "",
    } + (lastErrors.Count > 0 ? $": {string.Join(" ", lastErrors)}" : "") + "; the same command resumes it.";
}
