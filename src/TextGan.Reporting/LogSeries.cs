namespace TextGan.Reporting;

/// <summary>The values of one name in one phase of a run, or a part of a <see cref="Curve"/>.</summary>
/// <param name="Steps">Updates or iterations done, strictly ascending; of a curve their places on the axis.</param>
/// <param name="Values">A value per step; NaN and infinities, as they were logged, are gaps.</param>
public sealed record LogSeries(IReadOnlyList<double> Steps, IReadOnlyList<double> Values)
{
    /// <summary>The step of the last value.</summary>
    public double LastStep => Steps[^1];

    /// <summary>The last value, be it finite or not.</summary>
    public double LastValue => Values[^1];

    /// <summary>The moving average at places of a grid over a range.</summary>
    /// <param name="start">The grid's first line.</param>
    /// <param name="end">Its last line.</param>
    /// <param name="share">The window's share of the points: one of so many.</param>
    /// <param name="places">Lines of the grid.</param>
    public LogSeries Smooth(double start, double end, int share = 50, int places = 400)
    {
        var chosen = MovingAverage.Grid(Steps, start, end, places);
        return new([.. chosen.Select(place => Steps[place])],
            MovingAverage.Trimmed(Values, chosen, MovingAverage.Width(Values.Count, share)));
    }
}
