namespace TextGan.Cli.Display;

/// <summary>Says nothing of what goes well: a run that failed, warnings and notices only.</summary>
public sealed class QuietProgress(TextWriter error, TimeProvider clock) : ProgressDisplay(clock)
{
    protected override int Width => 120;

    protected override void Write(RunState? run, Tone tone, params IReadOnlyList<string> lines)
    {
        if (tone is not (Tone.Warning or Tone.Notice)) return;
        foreach (var line in lines) error.WriteLine(Prefix(run, tone) + line);
    }

    protected override void Failed(string text) => error.WriteLine(text);
}
