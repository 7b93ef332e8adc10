using Spectre.Console;

namespace TextGan.Cli.Display;

/// <summary>
/// A live display on a terminal. The thread that trains only notes what it is told and never writes: a timer draws ten times a
/// second, so that neither a slow terminal nor a paused one (Ctrl+S) holds training up.
/// </summary>
public sealed class TerminalProgress(IAnsiConsole console, TimeProvider clock) : ProgressDisplay
{
    const string ShowCursor = "\u001b[?25h";
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    static readonly Style Strong = new(decoration: Decoration.Bold), Soft = new(Color.Grey), Good = new(Color.Green), Bad = new(Color.Red),
        Warned = new(Color.Yellow);

    readonly Lock state = new(), drawing = new();
    readonly Queue<(string Text, Style Style)> lines = new();
    readonly List<PhaseProgress> phases = [];
    readonly EvaluationPace evaluations = new(clock);
    string title = "";
    long runBegan = clock.GetTimestamp();
    bool running;
    volatile LiveDisplayContext? live;
    RunView? shown;

    public override T While<T>(Func<T> work) => console.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop)
        .Cropping(VerticalOverflowCropping.Bottom).Start(context =>
        {
            live = context;
            using var timer = clock.CreateTimer(_ => Draw(), null, Period, Period);
            try
            {
                return work();
            }
            finally
            {
                lock (drawing)
                {
                    Draw(); // what was said last
                    live = null;
                }
            }
        });

    public override void Notice(string text) => Say(SafeText.Line(text), Warned);

    public override void Abandon(string text)
    {
        // Past the console and its live display, and waiting for no lock: another thread may be held up inside of a drawing,
        // and the process is about to end.
        live = null;
        var writer = console.Profile.Out.Writer;
        writer.Write($"{ShowCursor}\n{SafeText.Line(text)}\n");
        writer.Flush();
    }

    public override void RunStarted(string run, int index, int count)
    {
        lock (state)
        {
            phases.Clear();
            evaluations.Start();
            lines.Enqueue((RunLines.Run(run, index, count), Strong));
            (title, runBegan, running) = (RunLines.Run(run, index, count), clock.GetTimestamp(), true);
        }
    }

    public override void Message(string text) => Say(SafeText.Line(text), Soft);

    public override void Warning(string text) => Say(SafeText.Line($"warning: {text}"), Warned);

    public override void PhaseStarted(Phase phase, long steps, long done)
    {
        lock (state) phases.Add(new PhaseProgress(phase, steps, done, clock));
    }

    public override void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values)
    {
        lock (state) if (phases.Count > 0) phases[^1].Step(step, tokens, values);
    }

    public override void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples)
    {
        foreach (var line in evaluations.Due(RunLines.Evaluation(phase, step, metrics, samples, console.Profile.Width - 1))) Say(
            line, Style.Plain);
    }

    public override void PhaseEnded(Phase phase)
    {
        lock (state)
        {
            if (phases.Count == 0) return;
            phases[^1].End();
            lines.Enqueue((RunLines.PhaseEnd(phases[^1]), Style.Plain));
        }
    }

    public override void RunEnded(string run, string outcome, string folder)
    {
        lock (state)
        {
            running = false;
            phases.Clear();
            foreach (var line in evaluations.Rest()) lines.Enqueue((line, Style.Plain));
            lines.Enqueue((RunLines.RunEnd(run, outcome, folder, clock.GetElapsedTime(runBegan)), outcome switch
            {
                "finished" => Good,
                "stopped" => Warned,
                _ => Bad,
            }));
            if (RunLines.Failure(run, outcome) is { } failure) lines.Enqueue((failure, Bad));
        }
    }

    void Say(string text, Style style)
    {
        lock (state) lines.Enqueue((text, style));
    }

    /// <summary>Prints the lines that have come since, above the view, and redraws the view if it looks different.</summary>
    void Draw()
    {
        if (!drawing.TryEnter()) return; // the last drawing is not through yet
        try
        {
            if (live is not { } context) return;
            (string Text, Style Style)[] fresh;
            RunView view;
            lock (state)
            {
                fresh = [.. lines];
                lines.Clear();
                view = running ? RunView.Of(title, clock.GetElapsedTime(runBegan), phases) : RunView.Idle;
            }
            if (fresh.Length > 0) console.Write(new LinesAbove(fresh));
            if (fresh.Length == 0 && view.Same(shown)) return;
            shown = view;
            context.UpdateTarget(view);
        }
        catch (IOException)
        {
            live = null; // the terminal is gone; training continues
        }
        finally
        {
            drawing.Exit();
        }
    }
}
