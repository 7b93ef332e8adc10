using Spectre.Console;
using Spectre.Console.Rendering;

namespace TextGan.Cli.Display;

/// <summary>
/// The part of the terminal that is redrawn: the run, a bar for each of its phases, the newest losses. A picture of one moment:
/// it holds texts only, and is compared with the last one so that an unchanged view costs nothing.
/// </summary>
public sealed class RunView : Renderable
{
    const int MostDiscriminators = 12, NameWidth = 25, BarWidth = 30, Narrow = 56;
    static readonly Style Title = new(decoration: Decoration.Bold), Soft = new(Color.Grey), Bar = new(Color.Green),
        Rest = new(Color.Grey35);

    readonly string title;
    readonly IReadOnlyList<(string Name, double Share, string Text, string Short)> bars;
    readonly IReadOnlyList<string> figures;

    RunView(string title, IReadOnlyList<(string, double, string, string)> bars, IReadOnlyList<string> figures) =>
        (this.title, this.bars, this.figures) = (title, bars, figures);

    /// <summary>A view between runs.</summary>
    public static RunView Idle { get; } = new("", [], []);

    /// <summary>A view of one run: all its phases, the last of which is the one at work, and what it says.</summary>
    public static RunView Of(RunState run)
    {
        var figures = new List<string>();
        if (run.Phases is [.., var phase])
        {
            var summary = Summary(phase);
            if (summary.Length > 0) figures.Add(summary);
            var rows = Headline.Discriminators(phase.Values);
            var table = new TextTable(Headline.Headings);
            foreach (var row in rows.Take(MostDiscriminators)) table.Add(row);
            if (rows.Count > 0) figures.AddRange(table.Lines(int.MaxValue));
            if (rows.Count > MostDiscriminators) figures.Add($"and {rows.Count - MostDiscriminators} more");
        }
        return new RunView($"{run.Title}  {NumberText.Time(run.Elapsed)}",
            [.. run.Phases.Select(phase => (PhaseProgress.Name(phase.Phase), phase.Share, Text(phase), Short(phase)))], figures);
    }

    /// <summary>A view of runs that are made at the same time: a bar for the phase at work of each.</summary>
    public static RunView Of(IReadOnlyList<RunState> runs) => new($"{Amount.Of(runs.Count, "run")} at work",
        [.. runs.Select(run => run.Phases is [.., var phase]
            ? (run.Name, phase.Share, $"{Text(phase)}  {PhaseProgress.Name(phase.Phase)}; {Summary(phase)}".TrimEnd(' ', ';'), Short(phase))
            : (run.Name, 0, NumberText.Time(run.Elapsed), NumberText.Time(run.Elapsed)))], []);

    static string Summary(PhaseProgress phase) => string.Join(", ", ((string[])[
        Headline.Generator(phase.Phase, phase.Values),
        phase.TokensPerSecond > 0 ? $"{NumberText.Whole(phase.TokensPerSecond)} tokens/s" : ""]).Where(part => part.Length > 0));

    static string Text(PhaseProgress phase) =>
        $"{Percent(phase)}  {NumberText.Whole(phase.Done)}/{NumberText.Whole(phase.Steps)}{Time(phase)}";

    /// <summary>The same without steps, for a narrow terminal.</summary>
    static string Short(PhaseProgress phase) => Percent(phase) + Time(phase);

    static string Percent(PhaseProgress phase) => $"{NumberText.Percent(Math.Floor(phase.Share * 100) / 100),4}";

    static string Time(PhaseProgress phase) => phase.Ended ? $"  {NumberText.Time(phase.Elapsed)}"
        : phase.Left is { } left ? $"  {NumberText.Time(left)} left" : "";

    /// <summary>Whether this would look the same as <paramref name="other"/>.</summary>
    public bool Same(RunView? other) => other is not null && title == other.title && bars.SequenceEqual(other.bars)
        && figures.SequenceEqual(other.figures);

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(20, maxWidth), maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // The last columns stay free: what a terminal echoes there ("^C") would wrap and make the view a line taller than it believes.
        var width = Math.Max(10, maxWidth - 4);
        var lines = new List<IReadOnlyList<Segment>> { new[] { new Segment(title, Title) } };
        var isNarrow = width < Narrow;
        var names = Math.Min(isNarrow ? width / 3 : NameWidth, bars.Select(bar => bar.Name.Length).DefaultIfEmpty(0).Max());
        var length = Math.Clamp(width - names - (isNarrow ? 20 : 35), isNarrow ? 0 : 5, BarWidth);
        foreach (var (name, share, text, brief) in bars)
        {
            var full = (int)Math.Round(share * length);
            lines.Add([
                new Segment("  " + (name.Length <= names ? name.PadRight(names) : "…" + name[^(names - 1)..]) + " "),
                new Segment(new string(options.Unicode ? '━' : '#', full), Bar),
                new Segment(new string(options.Unicode ? '─' : '-', length - full), Rest),
                new Segment(" " + (isNarrow ? brief : text))]);
        }
        foreach (var line in figures) lines.Add([new Segment("  " + line, Soft)]);
        for (var i = 0; i < lines.Count; i++)
        {
            var room = width;
            foreach (var segment in lines[i])
            {
                if (room <= 0) break;
                var part = Segment.Truncate(segment, room) ?? Segment.Empty;
                room -= part.CellCount();
                yield return part;
            }
            yield return Segment.Control(LinesAbove.EraseToTheRight);
            if (i < lines.Count - 1) yield return Segment.LineBreak;
        }
    }
}
