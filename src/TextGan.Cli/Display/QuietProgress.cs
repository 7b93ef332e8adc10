namespace TextGan.Cli.Display;

/// <summary>Says nothing of what goes well: a run that failed, warnings and notices only.</summary>
public sealed class QuietProgress(TextWriter error) : ProgressDisplay
{
    public override T While<T>(Func<T> work) => work();
    public override void Notice(string text) => error.WriteLine(SafeText.Line(text));
    public override void RunStarted(string run, int index, int count) { }
    public override void Message(string text) { }
    public override void Warning(string text) => error.WriteLine(SafeText.Line($"warning: {text}"));
    public override void PhaseStarted(Phase phase, long steps, long done) { }
    public override void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values) { }
    public override void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples) { }
    public override void PhaseEnded(Phase phase) { }
    public override void RunEnded(string run, string outcome, string folder)
    {
        if (RunLines.Failure(run, outcome) is { } failure) error.WriteLine(failure);
    }
}
