namespace TextGan.Reporting;

/// <summary>A series on an axis: a part for each phase, so that no average runs across the border of phases.</summary>
public sealed record Curve(IReadOnlyList<CurvePart> Parts)
{
    /// <summary>From so many points on a part is shown thin with its moving average above.</summary>
    public const int DenseFrom = 100;

    /// <summary>Whether the curve is an average already and is drawn as it is.</summary>
    public bool IsAveraged { get; init; }

    /// <summary>Whether any value is finite.</summary>
    public bool HasValues => Parts.Any(part => part.Ys.Any(double.IsFinite));

    /// <summary>Whether it is drawn thin with its moving average above.</summary>
    public bool IsDense => !IsAveraged && Parts.Any(part => part.Xs.Count >= DenseFrom);

    /// <summary>The curve with dense parts averaged, at some hundreds of places.</summary>
    public Curve Smooth() => new([.. Parts.Select(part => part.Xs.Count >= DenseFrom ? part.Smooth(part.Xs[0], part.Xs[^1]) : part)]);

    /// <summary>The curve in so few points that a picture of that width can show it, in stretches without gaps.</summary>
    public IReadOnlyList<Stretch> Thin(int pixels)
    {
        // Parts that touch are one line: thin them together, for the border of phases is no gap.
        var (xs, ys) = (new List<double>(), new List<double>());
        foreach (var part in Parts)
        {
            xs.AddRange(part.Xs);
            ys.AddRange(part.Ys);
        }
        return Thinning.MinMax(xs, ys, pixels);
    }
}

/// <summary>A part of a curve.</summary>
/// <param name="Xs">Positions on the axis, ascending.</param>
/// <param name="Ys">Values; NaN and infinities are gaps.</param>
public sealed record CurvePart(IReadOnlyList<double> Xs, IReadOnlyList<double> Ys)
{
    /// <summary>The moving average at places of a grid over a range.</summary>
    /// <param name="share">The window's share of the points: one of so many.</param>
    /// <param name="places">Lines of the grid.</param>
    public CurvePart Smooth(double start, double end, int share = 50, int places = 400)
    {
        var chosen = MovingAverage.Grid(Xs, start, end, places);
        return new([.. chosen.Select(place => Xs[place])], MovingAverage.Trimmed(Ys, chosen, MovingAverage.Width(Ys.Count, share)));
    }
}
