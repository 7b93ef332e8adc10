using System.Diagnostics;
using TextGan.Runs.Events;
using TextGan.Runs.Format;

namespace TextGan.Runs.Trackers;

/// <summary>
/// Passes a run's events on, and has its trackers follow the log. Each of them works on a thread of its own, so that neither a slow
/// server nor a full disk delays a step; the thread that trains only says how far the log may be read.
/// </summary>
public sealed class TrackerSink : IRunSink
{
    readonly RunFolder folder;
    readonly IRunSink next;
    readonly TrackerThread[] threads;
    long told = Stopwatch.GetTimestamp();
    bool mayRead; // before anything is written, the log may be one that is about to be cut

    /// <param name="trackers">Their options.</param>
    /// <param name="context">What they are built for.</param>
    /// <param name="next">Hears all events, and what happens to the trackers.</param>
    /// <exception cref="InvalidInputException">What a tracker needs is not there, before anything is trained.</exception>
    public TrackerSink(IReadOnlyList<TrackerOptions> trackers, TrackerContext context, IRunSink next)
    {
        (folder, this.next) = (context.Folder, next);
        var built = new List<Tracker>();
        try
        {
            foreach (var options in trackers) built.Add(options.BuildChecked(context));
        }
        catch
        {
            foreach (var tracker in built) TrackerThread.DisposeQuietly(tracker);
            throw;
        }
        threads = [.. trackers.Zip(built, (options, tracker) => new TrackerThread(options, context, tracker))];
    }

    /// <summary>While a phase trains, trackers are told of new lines at least this often.</summary>
    internal TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of the run waits for trackers.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public void Receive(RunEvent happened)
    {
        next.Receive(happened);
        mayRead |= happened is RunEvent.PhaseStarted or RunEvent.SamplesWritten;
        // Not at an evaluation: its samples are on the disk only when that is told.
        var due = happened is RunEvent.SamplesWritten or RunEvent.PhaseEnded
            || (happened is RunEvent.Stepped && Stopwatch.GetElapsedTime(told) >= Every);
        if (due && mayRead) Follow();
        Warn();
    }

    /// <summary>Gives the trackers the rest of the log, and ends them.</summary>
    public void End(string outcome)
    {
        if (mayRead || outcome != "failed") Follow();
        var deadline = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency);
        foreach (var thread in threads) thread.End(outcome);
        foreach (var thread in threads) thread.Wait(deadline);
        Warn();
    }

    void Follow()
    {
        told = Stopwatch.GetTimestamp();
        var log = new FileInfo(folder.Metrics);
        if (!log.Exists) return;
        foreach (var thread in threads) thread.Follow(log.Length);
    }

    /// <summary>On the thread that tells the sinks.</summary>
    void Warn()
    {
        foreach (var thread in threads)
            while (thread.Warnings.TryDequeue(out var warning)) next.Warn(warning);
    }
}
