using Spectre.Console;

namespace TextGan.Cli.Display;

/// <summary>
/// A live display on a terminal. The thread that trains only notes what it is told and never writes: a timer draws ten times a
/// second, so that neither a slow terminal nor a paused one (Ctrl+S) holds training up.
/// </summary>
public sealed class TerminalProgress(IAnsiConsole console, TimeProvider clock) : ProgressDisplay(clock)
{
    const string ShowCursor = "\u001b[?25h";
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    readonly TimeProvider clock = clock;
    readonly Lock drawing = new();
    readonly Queue<(string Text, Style Style)> fresh = new();
    volatile LiveDisplayContext? live;
    RunView? shown;

    protected override int Width => console.Profile.Width - 1;

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

    public override T Suspended<T>(Func<T> talk)
    {
        lock (drawing) // what happens meanwhile is drawn afterwards
        {
            live?.UpdateTarget(new Text(""));
            shown = null;
            return talk();
        }
    }

    public override void Abandon(string text)
    {
        // Past the console and its live display, and waiting for no lock: another thread may be held up inside of a drawing,
        // and the process is about to end.
        live = null;
        var writer = console.Profile.Out.Writer;
        writer.Write($"{ShowCursor}\n{SafeText.Line(text)}\n");
        writer.Flush();
    }

    protected override void Write(RunState? run, Tone tone, params IReadOnlyList<string> lines)
    {
        for (var i = 0; i < lines.Count; i++) fresh.Enqueue(((i == 0 ? Prefix(run, tone) : "") + lines[i], StyleOf(tone)));
    }

    protected override void Failed(string text) => fresh.Enqueue((text, StyleOf(Tone.Bad)));

    static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Title => new(decoration: Decoration.Bold),
        Tone.Remark => new(Color.Grey),
        Tone.Good => new(Color.Green),
        Tone.Bad => new(Color.Red),
        Tone.Plain => Style.Plain,
        _ => new(Color.Yellow),
    };

    /// <summary>Prints the lines that have come since, above the view, and redraws the view if it looks different.</summary>
    void Draw()
    {
        if (!drawing.TryEnter()) return; // the last drawing is not through yet
        try
        {
            if (live is not { } context) return;
            (string Text, Style Style)[] above;
            RunView view;
            lock (State)
            {
                above = [.. fresh];
                fresh.Clear();
                view = Running.Count == 0 ? RunView.Idle : IsOfMany ? RunView.Of(Running) : RunView.Of(Running[0]);
            }
            if (above.Length > 0) console.Write(new LinesAbove(above));
            if (above.Length == 0 && view.Same(shown)) return;
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
