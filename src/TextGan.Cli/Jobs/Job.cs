using System.Diagnostics;
using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>A run that a process of its own trains.</summary>
public sealed class Job
{
    const int RememberedLines = 5;

    /// <summary>How long the output of an ended process is read: another one that it started may keep it open.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    readonly Process process;
    readonly StreamWriter input;
    readonly IRunSink sink;
    readonly CancellationToken stop;
    readonly Queue<string> lastErrors = [];
    RunResult? result;

    Job(RunPlan run, string? device, Process process, IRunSink sink, CancellationToken stop)
    {
        (Run, Device, this.process, input, this.sink, this.stop) = (run, device, process, process.StandardInput, sink, stop);
        Ended = Task.Run(Watch, CancellationToken.None);
    }

    public RunPlan Run { get; }

    /// <summary>Where it trains; null where its experiment says so.</summary>
    public string? Device { get; }

    /// <summary>How it ended.</summary>
    public Task<RunResult> Ended { get; }

    /// <summary>
    /// Whether its adversarial phase has begun; before that, it may be computing a pretraining that other runs could reuse.
    /// </summary>
    public bool HasPretrained { get; private set; }

    /// <summary>Starts it.</summary>
    /// <param name="jobs">The program and its arguments.</param>
    /// <param name="order">Further arguments: which run to train, and how.</param>
    /// <param name="run">The run.</param>
    /// <param name="device">Where it trains, or null.</param>
    /// <param name="sink">Hears what happens, on another thread.</param>
    /// <param name="stop">Tells whether the command is being stopped; it does not stop the job by itself: <see cref="Stop"/> does.</param>
    /// <exception cref="RunFailedException">The process cannot be started.</exception>
    public static Job Start(
        JobOptions jobs, IReadOnlyList<string> order, RunPlan run, string? device, IRunSink sink, CancellationToken stop)
    {
        var start = new ProcessStartInfo(jobs.Program[0], [.. jobs.Program.Skip(1), .. order, .. jobs.Arguments])
        {
            WorkingDirectory = jobs.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            return new Job(run, device, Process.Start(start)!, sink, stop);
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
            input.WriteLine(Worker.Stop);
            input.Flush();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Bytes of main memory that it holds now; 0 if it has ended.</summary>
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

    async Task<RunResult> Watch()
    {
        var output = Task.WhenAll(ReadOutput(), ReadErrors());
        await process.WaitForExitAsync();
        await Task.WhenAny(output, Task.Delay(Rest, CancellationToken.None));
        var code = process.ExitCode;
        process.Dispose();
        if (result is null && stop.IsCancellationRequested && code is ExitCode.Success or ExitCode.Interrupted or ExitCode.Terminated)
            return new(Run.Id.Experiment, Run.Seed, "stopped", null, Run.Folder.Root, new Dictionary<string, double>());
        if (result is { Outcome: "stopped" } && !stop.IsCancellationRequested)
            return Failed("its process was stopped by a signal of its own. It can be resumed.");
        if (result is null) return Failed(Death(code));
        lock (lastErrors)
            foreach (var line in lastErrors) sink.Of(Run.Id).Say(line);
        return result;
    }

    async Task ReadOutput()
    {
        var hasStarted = false;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JobLine.Parse(line) is not { } told) continue;
            result = told.Result ?? result;
            if (told.Event is not { } happened) continue;
            hasStarted |= happened is RunEvent.Started;
            if (happened is RunEvent.PhaseStarted { Phase: Phase.Adversarial }) HasPretrained = true;
            // The command itself tells how runs begin and end. What is said before concerns the data, which runs have in common.
            if (happened is not (RunEvent.Started or RunEvent.Ended or RunEvent.AllEnded))
                sink.Receive(hasStarted ? happened with { Run = Run.Id } : happened);
        }
    }

    async Task ReadErrors()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (lastErrors)
            {
                lastErrors.Enqueue(line);
                if (lastErrors.Count > RememberedLines) lastErrors.Dequeue();
            }
        }
    }

    RunResult Failed(string reason) => RunResult.Failed(Run.Id, Run.Folder.Root, new RunFailedException(reason));

    string Death(int code)
    {
        lock (lastErrors)
            return $"its process ended with exit code {code}" + code switch
            {
                137 => " (SIGKILL: by hand, or by the system for lack of memory)",
                > 128 and < 160 => $" (signal {code - 128})",
                _ => "",
            } + (lastErrors.Count > 0 ? $": {string.Join(" ", lastErrors)}" : "") + ". It can be resumed.";
    }
}
