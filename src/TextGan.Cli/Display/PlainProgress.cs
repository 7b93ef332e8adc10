namespace TextGan.Cli.Display;

/// <summary>
/// Plain lines for output that is not a terminal: no control characters, and few enough for a log. A phase has one line when it ends; one
/// that takes longer than ten seconds tells how far it is.
/// </summary>
/// <param name="output">Takes the lines.</param>
/// <param name="error">Takes why a run failed.</param>
/// <param name="clock">The time.</param>
public sealed class PlainProgress(TextWriter output, TextWriter error, TimeProvider clock) : ProgressDisplay(clock)
{
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(1);
    readonly TimeProvider clock = clock;
    readonly long began = clock.GetTimestamp();

    /// <summary>The phase whose progress was told last, how far it was then and when; by run.</summary>
    readonly Dictionary<RunState, (PhaseProgress Phase, double Share, long At)> told = [];

    protected override int Width => 120;

    protected override void Stepped(RunState run)
    {
        var phase = run.Phases[^1];
        var isTold = told.TryGetValue(run, out var last) && last.Phase == phase;
        var quiet = isTold ? clock.GetElapsedTime(last.At) : phase.Elapsed;
        if (quiet < Shortest || (isTold && phase.Share - last.Share < 0.1 && quiet < Longest) || phase.Done >= phase.Steps) return;
        told[run] = (phase, phase.Share, clock.GetTimestamp());
        var left = phase.Left is { } time ? $", {NumberText.Time(time)} left" : "";
        var figures = Headline.OneLine(phase.Phase, phase.Values);
        Write(run, Tone.Plain, $"{PhaseProgress.Name(phase.Phase)} {NumberText.Whole(phase.Done)}/{NumberText.Whole(phase.Steps)} " +
            $"({NumberText.Percent(phase.Share)}){left}, " +
            $"{NumberText.Whole(phase.TokensPerSecond)} tokens/s{(figures.Length > 0 ? "; " + figures : "")}");
    }

    /// <summary>The first line begins with the time since the command began, so that a log shows where it went.</summary>
    protected override void Write(RunState? run, Tone tone, params IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        var prefix = Prefix(run, tone);
        if (prefix.Length == 0 && tone is (Tone.Remark or Tone.Plain or Tone.Warning)) prefix = "  ";
        output.WriteLine($"[{NumberText.Time(clock.GetElapsedTime(began)),7}] {prefix}{string.Join(Environment.NewLine, lines)}");
        output.Flush();
    }

    protected override void Failed(string text) => error.WriteLine(text);
}
