using TextGan.Reporting.Documents;

namespace TextGan.Reporting;

/// <summary>
/// A metric at the first evaluation of an experiment's adversarial phase and at the last one, seed by seed; or, without that phase, at the
/// last one alone.
/// </summary>
/// <param name="Metric">Its name without "metric/"; of one that changes with the number of samples, with that number.</param>
/// <param name="HigherIsBetter">Which end of it is better.</param>
/// <param name="Seeds">Both values of each seed that has measured both; the start is NaN without an adversarial phase.</param>
public sealed record MetricChange(string Metric, bool HigherIsBetter, IReadOnlyList<(double Start, double End)> Seeds)
{
    /// <summary>Mean over the seeds; NaN without an adversarial phase.</summary>
    public double Start => Seeds.Average(seed => seed.Start);

    /// <summary>Mean over the seeds.</summary>
    public double End => Seeds.Average(seed => seed.End);

    /// <summary>The mean of the seeds' own changes, with its 95% interval.</summary>
    public PairedDifference Difference => PairedDifference.Of(Seeds.Select(seed => seed.End - seed.Start));

    /// <summary>
    /// Whether it changed by more than the seeds' spread: whether the 95% interval of the mean change leaves 0 out. Null with fewer than
    /// two seeds, which have no spread.
    /// </summary>
    public bool? IsBeyondSpread => Difference is { Count: > 1 } difference ? difference.ExcludesZero : null;
}
