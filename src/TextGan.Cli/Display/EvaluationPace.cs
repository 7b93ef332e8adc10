namespace TextGan.Cli.Display;

/// <summary>
/// Keeps evaluations from crowding the page: one that comes within ten seconds of the last one shown, or of the run's start, waits and
/// gives way to the next. The newest is never lost.
/// </summary>
public sealed class EvaluationPace(TimeProvider clock)
{
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    long shown = clock.GetTimestamp();
    IReadOnlyList<string> waiting = [];

    /// <summary>A run begins.</summary>
    public void Start() => (shown, waiting) = (clock.GetTimestamp(), []);

    /// <summary>An evaluation came; gives its lines if they are to be shown now, else none.</summary>
    public IReadOnlyList<string> Due(IReadOnlyList<string> lines)
    {
        if (clock.GetElapsedTime(shown) < Shortest)
        {
            waiting = lines;
            return [];
        }
        Start();
        return lines;
    }

    /// <summary>The lines that wait when the run ends.</summary>
    public IReadOnlyList<string> Rest()
    {
        var rest = waiting;
        waiting = [];
        return rest;
    }
}
