namespace TextGan.Cli.Display;

/// <summary>Says nothing of what goes well: a run that failed, warnings and notices only.</summary>
public sealed class QuietProgress(TextWriter error) : ProgressDisplay
{
    public override void Notice(string text) => error.WriteLine(SafeText.Line(text));
    public override void Warning(string text) => error.WriteLine(SafeText.Line($"warning: {text}"));
    public override void RunEnded(string run, string outcome, string folder)
    {
        if (RunLines.Failure(run, outcome) is { } failure) error.WriteLine(failure);
    }
}
