using Spectre.Console;
using Spectre.Console.Rendering;

namespace TextGan.Cli.Display;

/// <summary>
/// Lines that are printed where a live view stood. The view is only written over, not erased, so every line erases what is left
/// of the old one behind it. Texts are taken as they are: no markup in them is read.
/// </summary>
public sealed class LinesAbove(IReadOnlyList<(string Text, Style Style)> lines) : Renderable
{
    /// <summary>The control sequence "erase in line".</summary>
    public const string EraseToTheRight = "\u001b[K";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var paragraph = new Paragraph();
        foreach (var (text, style) in lines) paragraph.Append(text + "\n", style);
        foreach (var segment in ((IRenderable)paragraph).Render(options, maxWidth))
        {
            if (segment.IsLineBreak) yield return Segment.Control(EraseToTheRight);
            yield return segment;
        }
    }
}
