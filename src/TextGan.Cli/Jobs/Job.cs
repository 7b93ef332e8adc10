using System.Diagnostics;
using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>A process that trains a run, and then perhaps another one (<see cref="Worker"/>).</summary>
public sealed class Job
{
    const int RememberedLines = 5;

    /// <summary>How long the output of an ended process is read: another one that it started may keep it open.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    readonly Process process;
    readonly StreamWriter input;
    readonly IRunSink sink;
    readonly CancellationToken stop;
    readonly Lock state = new();
    readonly Queue<string> lastErrors = [];
    TaskCompletionSource<RunResult> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool hasStarted, isOver;

    Job(RunPlan run, string? device, Process process, IRunSink sink, CancellationToken stop)
    {
        (Run, Device, this.process, input, this.sink, this.stop) = (run, device, process, process.StandardInput, sink, stop);
        Exited = Task.Run(Watch, CancellationToken.None);
    }

    /// <summary>The run that it trains, or trained last.</summary>
    public RunPlan Run { get; private set; }

    /// <summary>Where it trains; null where its experiments say so.</summary>
    public string? Device { get; }

    /// <summary>How the run ended.</summary>
    public Task<RunResult> Ended => ended.Task;

    /// <summary>Completes with the process.</summary>
    public Task Exited { get; }

    /// <summary>
    /// Whether its adversarial phase has begun; before that, it may be computing a pretraining that other runs could reuse.
    /// </summary>
    public bool HasPretrained { get; private set; }

    /// <summary>Starts a process with its first run.</summary>
    /// <param name="jobs">The program and its arguments.</param>
    /// <param name="order">What it is to train.</param>
    /// <param name="run">The run that the order names.</param>
    /// <param name="sink">Hears what happens, on another thread.</param>
    /// <param name="stop">Tells whether the command is being stopped; it does not stop the job by itself: <see cref="Stop"/> does.</param>
    /// <exception cref="RunFailedException">The process cannot be started.</exception>
    public static Job Start(JobOptions jobs, WorkerOrder order, RunPlan run, IRunSink sink, CancellationToken stop)
    {
        var start = new ProcessStartInfo(
            jobs.Program[0], [.. jobs.Program.Skip(1), WorkerOrder.Option, order.ToJson(), .. jobs.Arguments])
        {
            WorkingDirectory = jobs.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            return new Job(run, order.Device, Process.Start(start)!, sink, stop);
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            throw new RunFailedException($"A process for {run.Id} could not be started: {refused.Message}", refused);
        }
    }

    /// <summary>Whether it can train another run.</summary>
    public bool IsAlive
    {
        get
        {
            lock (state) return !isOver;
        }
    }

    /// <summary>Has it train another run, when the last one has ended.</summary>
    public void Continue(WorkerOrder order, RunPlan run)
    {
        lock (state)
        {
            (Run, HasPretrained, hasStarted) = (run, false, false);
            ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (isOver) ended.SetResult(Failed("its process has ended. It can be resumed."));
        }
        Send(order.ToJson());
    }

    /// <summary>Asks for a clean end of the run, with a checkpoint.</summary>
    public void Stop() => Send(Worker.Stop);

    /// <summary>Lets the process end.</summary>
    public void Release() => Send(Worker.End);

    void Send(string line)
    {
        try
        {
            lock (input)
            {
                input.WriteLine(line);
                input.Flush();
            }
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

    async Task Watch()
    {
        var output = Task.WhenAll(ReadOutput(), ReadErrors());
        await process.WaitForExitAsync();
        await Task.WhenAny(output, Task.Delay(Rest, CancellationToken.None));
        var code = process.ExitCode;
        process.Dispose();
        lock (state)
        {
            isOver = true;
            ended.TrySetResult(stop.IsCancellationRequested && code is ExitCode.Success or ExitCode.Interrupted or ExitCode.Terminated
                ? RunResult.Stopped(Run.Id, Run.Folder.Root) : Failed(Death(code)));
        }
    }

    async Task ReadOutput()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JobLine.Parse(line) is not { } told) continue;
            if (told.Result is { } result) End(result);
            if (told.Event is not { } happened) continue;
            hasStarted |= happened is RunEvent.Started;
            if (happened is RunEvent.PhaseStarted { Phase: Phase.Adversarial }) HasPretrained = true;
            // The command itself tells how runs begin and end. What is said before concerns the data, which runs have in common.
            if (happened is not (RunEvent.Started or RunEvent.Ended or RunEvent.AllEnded))
                sink.Receive(hasStarted ? happened with { Run = Run.Id } : happened);
        }
    }

    void End(RunResult result)
    {
        lock (state)
        {
            while (lastErrors.TryDequeue(out var line)) sink.Of(Run.Id).Say(line);
            ended.TrySetResult(result.Outcome == "stopped" && !stop.IsCancellationRequested
                ? Failed("its process was stopped by a signal of its own. It can be resumed.") : result);
        }
    }

    async Task ReadErrors()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (state)
            {
                lastErrors.Enqueue(line);
                if (lastErrors.Count > RememberedLines) lastErrors.Dequeue();
            }
        }
    }

    RunResult Failed(string reason) => RunResult.Failed(Run.Id, Run.Folder.Root, new RunFailedException(reason));

    string Death(int code) => $"its process ended with exit code {code}" + code switch
    {
        137 => " (SIGKILL: by hand, or by the system for lack of memory)",
        > 128 and < 160 => $" (signal {code - 128})",
        _ => "",
    } + (lastErrors.Count > 0 ? $": {string.Join(" ", lastErrors)}" : "") + ". It can be resumed.";
}
