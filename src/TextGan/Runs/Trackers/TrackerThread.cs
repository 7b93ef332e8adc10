using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using TextGan.Safety;

namespace TextGan.Runs.Trackers;

/// <summary>Has one tracker follow the log. What it throws becomes a warning, and it is tried again, later and later.</summary>
sealed class TrackerThread
{
    static readonly TimeSpan firstPause = TimeSpan.FromSeconds(20), longestPause = TimeSpan.FromMinutes(10);

    readonly TrackerOptions options;
    readonly TrackerContext context;
    readonly string name;
    readonly object gate = new();
    readonly Thread thread;

    // of the thread alone
    Tracker? tracker;
    LogReader reader;
    TimeSpan pause = firstPause;
    long nextTry; // a time stamp
    bool isWarned, isOff;

    // under the gate
    long end; // where the log may be read to
    string? outcome;
    bool isCalled;

    volatile bool isBehind;

    public TrackerThread(TrackerOptions options, TrackerContext context, Tracker tracker)
    {
        (this.options, this.context, this.tracker) = (options, context, tracker);
        reader = new LogReader(context.Folder);
        name = KindOf(options);
        thread = new Thread(Run) { IsBackground = true, Name = $"tracker {name}" };
        thread.Start();
    }

    /// <summary>Sentences that wait to be told.</summary>
    public ConcurrentQueue<string> Warnings { get; } = [];

    /// <summary>The log may be read to here.</summary>
    public void Follow(long length) => Call(() => end = length);

    /// <summary>The run ended, and no more of the log follows.</summary>
    public void End(string how) => Call(() => outcome = how);

    void Call(Action tell)
    {
        lock (gate)
        {
            tell();
            isCalled = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits until the tracker has ended, at most until a time stamp.</summary>
    public void Wait(long deadline)
    {
        var left = Math.Max(0, (deadline - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency);
        if (!thread.Join((int)left) || isBehind)
            Warnings.Enqueue($"tracker '{name}' has not got all of the run's log; " +
                (outcome == "finished" ? "metrics.jsonl has the rest" : "resuming the run gives it the rest"));
    }

    void Run()
    {
        while (true)
        {
            string? how;
            long length;
            lock (gate)
            {
                while (!isCalled) Monitor.Wait(gate);
                (how, length, isCalled) = (outcome, end, false);
            }
            if (!isOff && (how is not null || Stopwatch.GetTimestamp() >= nextTry)) Try(length, how);
            if (how is null) continue;
            DisposeQuietly(tracker);
            return;
        }
    }

    void Try(long length, string? how)
    {
        isBehind = true;
        try
        {
            tracker ??= options.BuildChecked(context);
            while (reader.Next(length) is { Count: > 0 } lines) tracker.Write(lines);
            tracker.Flush();
            if (how is not null) tracker.End(how);
            (isBehind, pause) = (false, firstPause);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    void Fail(Exception failure)
    {
        DisposeQuietly(tracker);
        (tracker, reader) = (null, new LogReader(context.Folder));
        isOff = failure is InvalidInputException;
        nextTry = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
        pause = pause * 2 < longestPause ? pause * 2 : longestPause;
        if (isWarned && !isOff) return;
        isWarned = true;
        var then = isOff ? "is switched off" : "will be tried again";
        Warnings.Enqueue($"tracker '{name}' failed and {then}: {SafeText.Line(failure.Message, 300)}");
    }

    /// <summary>Nothing more is expected of the tracker, and what it throws must not end the process.</summary>
    public static void DisposeQuietly(Tracker? tracker)
    {
        try
        {
            tracker?.Dispose();
        }
        catch (Exception)
        {
            // What it wrote is where it should be since Flush and End.
        }
    }

    static string KindOf(TrackerOptions options) => typeof(TrackerOptions).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .FirstOrDefault(kind => kind.DerivedType == options.GetType())?.TypeDiscriminator as string
        ?? options.GetType().GetCustomAttribute<KindAttribute>()?.Name ?? options.GetType().Name;
}
