namespace TextGan.Cli.Display;

/// <summary>
/// How fast a phase goes, smoothed: steps and tokens over seconds, both fading with a time constant of a minute. Early on this
/// is the plain average; later it follows changes without jumping, and a pause for an evaluation counts as it should.
/// </summary>
public sealed class Pace
{
    const double Memory = 60; // seconds
    double seconds, steps, tokens;

    /// <summary>Adds what was done in <paramref name="elapsed"/>.</summary>
    public void Add(TimeSpan elapsed, long stepsDone, long tokensDone)
    {
        var fade = Math.Exp(-elapsed.TotalSeconds / Memory);
        seconds = seconds * fade + elapsed.TotalSeconds;
        steps = steps * fade + stepsDone;
        tokens = tokens * fade + tokensDone;
    }

    /// <summary>0 before anything was measured.</summary>
    public double TokensPerSecond => seconds > 0 ? tokens / seconds : 0;

    /// <summary>Null before anything was measured.</summary>
    public TimeSpan? TimeFor(long remainingSteps)
    {
        if (remainingSteps <= 0) return TimeSpan.Zero;
        if (steps <= 0 || seconds <= 0) return null;
        var left = remainingSteps * (seconds / steps);
        return left < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(left) : null;
    }
}
