namespace TextGan.Cli.Display;

/// <summary>How far a phase is, and what was last heard of it.</summary>
public sealed class PhaseProgress(Phase phase, long steps, long done, TimeProvider clock)
{
    readonly Pace pace = new();
    readonly long started = clock.GetTimestamp();
    readonly Dictionary<string, double> values = [];
    long last = clock.GetTimestamp();
    TimeSpan? took;

    public Phase Phase { get; } = phase;

    /// <summary>Steps of the whole phase.</summary>
    public long Steps { get; } = steps;

    /// <summary>Steps done, those of an earlier, resumed run included.</summary>
    public long Done { get; private set; } = done;

    public bool Ended => took is not null;

    /// <summary>Since the phase began, or how long it took.</summary>
    public TimeSpan Elapsed => took ?? clock.GetElapsedTime(started);

    /// <summary>From 0 to 1.</summary>
    public double Share => Steps <= 0 ? 1 : Math.Clamp((double)Done / Steps, 0, 1);

    /// <summary>The newest value of every name; a discriminator that rests keeps its last one.</summary>
    public IReadOnlyDictionary<string, double> Values => values;

    public double TokensPerSecond => pace.TokensPerSecond;

    /// <summary>Null while unknown.</summary>
    public TimeSpan? Left => pace.TimeFor(Steps - Done);

    public void Step(long step, long tokens, IReadOnlyDictionary<string, double> current)
    {
        var now = clock.GetTimestamp();
        pace.Add(clock.GetElapsedTime(last, now), Math.Max(0, step - Done), tokens);
        (last, Done) = (now, step);
        foreach (var (name, value) in current) values[name] = value;
    }

    public void End() => took ??= Elapsed;

    /// <summary>"pretraining", "discriminator pretraining", "adversarial".</summary>
    public static string Name(Phase phase) => phase.NameOf().Replace('-', ' ');
}
