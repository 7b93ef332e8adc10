namespace TextGan.Reporting;

/// <summary>The values of one name in one phase of a run.</summary>
/// <param name="Steps">Updates or iterations done, strictly ascending.</param>
/// <param name="Values">A value per step; NaN and infinities as they were logged.</param>
public sealed record LogSeries(IReadOnlyList<double> Steps, IReadOnlyList<double> Values)
{
    /// <summary>The step of the last value.</summary>
    public double LastStep => Steps[^1];

    /// <summary>The last value, be it finite or not.</summary>
    public double LastValue => Values[^1];
}
