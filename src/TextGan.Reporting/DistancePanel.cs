namespace TextGan.Reporting;

/// <summary>Rewards against the distance from the reference: seeds thin, their mean strong, fits dotted, the peak marked.</summary>
public sealed class DistancePanel : Panel
{
    static readonly LinePattern FitDots = new([2, 3], 0, "dots");

    readonly List<(RewardPath Path, LineLook Look, IReadOnlyList<RewardFit> Fits, bool MarksPeak)> paths = [];

    /// <summary>Adds a reward.</summary>
    /// <param name="path">The reward.</param>
    /// <param name="look">Its look.</param>
    /// <param name="fits">Fits, drawn in black where there is more than one, else in its colour.</param>
    /// <param name="marksPeak">Whether the highest mean is marked.</param>
    public void Add(RewardPath path, LineLook look, IReadOnlyList<RewardFit> fits, bool marksPeak) =>
        paths.Add((path, look, fits, marksPeak));

    /// <summary>Lines in the upper left corner, which a reward that rises from 0 leaves free.</summary>
    public List<(string Text, Color Color)> Lines { get; } = [];

    /// <summary>Whether there is anything to draw.</summary>
    public bool HasPoints => paths.Any(path => path.Path.Seeds.Count > 0);

    protected override void Fill(Plot plot, float width, float height)
    {
        var end = paths.SelectMany(path => path.Path.Seeds).SelectMany(seed => seed)
            .Select(point => point.Distance).DefaultIfEmpty(1).Max();
        foreach (var (path, look, fits, _) in paths)
        {
            if (path.Seeds.Count > 1)
                foreach (var seed in path.Seeds) Line(plot, Xs(seed), Ys(seed), look.Color.WithAlpha(0.35), 1);
            var last = path.Seeds.SelectMany(seed => seed).Select(point => point.Distance).DefaultIfEmpty(0).Max();
            foreach (var (k, fit) in fits.Index())
            {
                double[] xs = [.. Enumerable.Range(0, 200).Select(i => last * i / 199)];
                Line(plot, xs, [.. xs.Select(fit.At)], fits.Count > 1 ? FitLook(k).Color : look.Color, 1.6f, FitLook(k).Pattern);
            }
            var mean = path.Mean;
            Line(plot, Xs(mean), Ys(mean), look.Color, 2, look.Pattern);
            if (mean.Count == 0) continue;
            var shape = look.Marker == MarkerShape.None ? MarkerShape.FilledCircle : look.Marker;
            plot.Add.Markers(Xs(mean), Ys(mean), shape, 7, look.Color);
        }
        foreach (var (path, look, _, marks) in paths)
        {
            if (!marks || path.Peak is not { } peak) continue;
            plot.Add.Marker(peak.Distance, peak.Reward, MarkerShape.OpenCircle, 15, Colors.Black).MarkerStyle.LineWidth = 1.6f;
            if (paths.Count > 1) continue; // the legend names it
            var right = peak.Distance > end / 2;
            Write(plot, PeakText(peak), peak.Distance, peak.Reward, right ? Alignment.LowerRight : Alignment.LowerLeft,
                right ? -10 : 10, -8);
        }
        // Room for the lines above the highest point.
        plot.Axes.Margins(left: 0.04, right: 0.04, bottom: 0.08, top: 0.1 + (Lines.Count * 16 / height));
        plot.Axes.AutoScale();
        plot.XLabel("d = √KL(generator ‖ reference) of whole texts, √nats");
        var limits = plot.Axes.GetLimits();
        foreach (var (k, (text, color)) in Lines.Index())
            Write(plot, Label.Elide(Label.Clean(text), Math.Max(10, (int)(width / 6.2f))), limits.Left, limits.Top, Alignment.UpperLeft, 8,
                6 + (k * 16), color);
        plot.Axes.Bottom.TickGenerator = Ticks(limits.Left, limits.Right, width, 56);
        plot.Axes.Left.TickGenerator = Ticks(limits.Bottom, limits.Top, height, 28);
    }

    /// <summary>Of the first fit and of a second one.</summary>
    public static LineLook FitLook(int index) => new(
        index == 0 ? Colors.Black : Color.FromHex("#808080"), index == 0 ? FitDots : new([7, 4], 0, "short dashes"), MarkerShape.None);

    /// <summary>The place of a peak in words.</summary>
    public static string PeakText(RewardPoint peak) =>
        $"peak {NumberText.Significant(peak.Reward)} at d = {NumberText.Significant(peak.Distance)}, " +
            $"iteration {NumberText.Brief(peak.Step)}";

    static double[] Xs(IReadOnlyList<RewardPoint> points) => [.. points.Select(point => point.Distance)];

    static double[] Ys(IReadOnlyList<RewardPoint> points) => [.. points.Select(point => point.Reward)];
}
