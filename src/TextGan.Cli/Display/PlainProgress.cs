namespace TextGan.Cli.Display;

/// <summary>
/// Plain lines for output that is not a terminal: no control characters, and few enough for a log. A phase has one line when it ends; one
/// that takes longer than ten seconds tells how far it is.
/// </summary>
/// <param name="output">Takes the lines.</param>
/// <param name="error">Takes why a run failed.</param>
/// <param name="clock">The time.</param>
public sealed class PlainProgress(TextWriter output, TextWriter error, TimeProvider clock) : ProgressDisplay
{
    const int Width = 120;
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(1);
    readonly Lock gate = new();
    readonly EvaluationPace evaluations = new(clock);
    readonly long began = clock.GetTimestamp();
    long runBegan = clock.GetTimestamp(), lineAt;
    double lineShare;
    bool isTold;
    PhaseProgress? phase;

    public override void Notice(string text) => Write(SafeText.Line(text));

    public override void RunStarted(string run, int index, int count)
    {
        runBegan = clock.GetTimestamp();
        evaluations.Start();
        Write(RunLines.Run(run, index, count));
    }

    public override void Message(string text) => Write("  " + SafeText.Line(text));

    public override void PhaseStarted(Phase phase, long steps, long done)
    {
        this.phase = new PhaseProgress(phase, steps, done, clock);
        (lineAt, lineShare, isTold) = (clock.GetTimestamp(), this.phase.Share, false);
    }

    public override void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values)
    {
        if (this.phase is not { } current) return;
        current.Step(step, tokens, values);
        var quiet = clock.GetElapsedTime(lineAt);
        if (quiet < Shortest || (isTold && current.Share - lineShare < 0.1 && quiet < Longest) || step >= current.Steps) return;
        (lineAt, lineShare, isTold) = (clock.GetTimestamp(), current.Share, true);
        var left = current.Left is { } time ? $", {NumberText.Time(time)} left" : "";
        var figures = Headline.OneLine(phase, current.Values);
        Write($"  {PhaseProgress.Name(phase)} {NumberText.Whole(step)}/{NumberText.Whole(current.Steps)} " +
            $"({NumberText.Percent(current.Share)}){left}, " +
            $"{NumberText.Whole(current.TokensPerSecond)} tokens/s{(figures.Length > 0 ? "; " + figures : "")}");
    }

    public override void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples) =>
        WriteEvaluation(evaluations.Due(RunLines.Evaluation(phase, step, metrics, samples, Width)));

    public override void PhaseEnded(Phase phase)
    {
        if (this.phase is not { } current) return;
        current.End();
        Write("  " + RunLines.PhaseEnd(current));
        this.phase = null;
    }

    public override void RunEnded(string run, string outcome, string folder)
    {
        WriteEvaluation(evaluations.Rest());
        Write(RunLines.RunEnd(run, outcome, folder, clock.GetElapsedTime(runBegan)));
        if (RunLines.Failure(run, outcome) is { } failure) error.WriteLine(failure);
    }

    void WriteEvaluation(IReadOnlyList<string> lines)
    {
        if (lines.Count > 0) Write("  " + string.Join(Environment.NewLine, lines));
    }

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
