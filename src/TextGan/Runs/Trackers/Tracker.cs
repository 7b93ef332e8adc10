namespace TextGan.Runs.Trackers;

/// <summary>
/// Takes the lines of one run's log to another place. It is called by one thread, which is not the one that trains. When a call throws,
/// the tracker is disposed of and a new one is built later, which gets all lines of the log again; so does the one of a run that is
/// resumed, whose log then ends where the run is taken up. So each tracker knows what of the log its place has already.
/// </summary>
public abstract class Tracker : IDisposable
{
    /// <summary>
    /// Takes lines, in the order of the log. What was given is where it should be when this returns, or at the latest when
    /// <see cref="Flush"/> does.
    /// </summary>
    public abstract void Write(IReadOnlyList<TrackedLine> lines);

    /// <summary>All lines that are there so far were given: a long log comes in several pieces.</summary>
    public virtual void Flush() { }

    /// <summary>The run ended.</summary>
    /// <param name="outcome">"finished", "stopped" or "failed".</param>
    public virtual void End(string outcome) { }

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
