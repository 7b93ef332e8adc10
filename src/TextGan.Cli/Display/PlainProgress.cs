using TextGan.Training;

namespace TextGan.Cli.Display;

/// <summary>Plain lines for output that is no terminal: no control characters, and few enough for a log.</summary>
public sealed class PlainProgress(TextWriter output, TimeProvider clock) : ProgressDisplay
{
    const int Width = 120;
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(1);
    readonly Lock gate = new();
    readonly long began = clock.GetTimestamp();
    long runBegan = clock.GetTimestamp(), lineAt;
    double lineShare;
    PhaseProgress? phase;

    public override T While<T>(Func<T> work) => work();

    public override void Notice(string text) => Write(SafeText.Line(text));

    public override void RunStarted(string run, int index, int count)
    {
        runBegan = clock.GetTimestamp();
        Write(RunLines.Run(run, index, count));
    }

    public override void Message(string text) => Write("  " + SafeText.Line(text));

    public override void PhaseStarted(Phase phase, long steps, long done)
    {
        this.phase = new PhaseProgress(phase, steps, done, clock);
        (lineAt, lineShare) = (clock.GetTimestamp(), this.phase.Share);
        Write($"  {PhaseProgress.Name(phase)}: {NumberText.Count(steps, "step")}{(done > 0 ? $", resumed at {NumberText.Whole(done)}" : "")}");
    }

    public override void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values)
    {
        if (this.phase is not { } current) return;
        current.Step(step, tokens, values);
        var quiet = clock.GetElapsedTime(lineAt);
        if (quiet < Shortest || (current.Share - lineShare < 0.1 && quiet < Longest) || step >= current.Steps) return;
        (lineAt, lineShare) = (clock.GetTimestamp(), current.Share);
        var left = current.Left is { } time ? $", {NumberText.Time(time)} left" : "";
        var figures = Headline.OneLine(phase, current.Values);
        Write($"  {PhaseProgress.Name(phase)} {NumberText.Whole(step)}/{NumberText.Whole(current.Steps)} ({NumberText.Percent(current.Share)}){left}, " +
            $"{NumberText.Whole(current.TokensPerSecond)} tokens/s{(figures.Length > 0 ? "; " + figures : "")}");
    }

    public override void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples)
    {
        Write("  " + RunLines.Evaluation(phase, step));
        lock (gate) foreach (var line in RunLines.EvaluationBody(metrics, samples, Width)) output.WriteLine(line);
    }

    public override void PhaseEnded(Phase phase)
    {
        if (this.phase is not { } current) return;
        current.End();
        Write("  " + RunLines.PhaseEnd(current));
        this.phase = null;
    }

    public override void RunEnded(string run, string outcome, string folder) =>
        Write(RunLines.RunEnd(run, outcome, folder, clock.GetElapsedTime(runBegan)));

    /// <summary>Each line begins with the time since the command began, so that a log shows where it went.</summary>
    void Write(string line)
    {
        lock (gate)
        {
            output.WriteLine($"[{NumberText.Time(clock.GetElapsedTime(began)),7}] {line}");
            output.Flush();
        }
    }
}
