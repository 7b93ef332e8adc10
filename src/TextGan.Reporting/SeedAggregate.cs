namespace TextGan.Reporting;

/// <summary>Values of several seeds at one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Mean">Mean of the finite values; NaN if there are no finite values.</param>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
/// <param name="Count">Seeds with a finite value at this step.</param>
public sealed record SeedPoint(double Step, double Mean, double Low, double High, int Count);

/// <summary>Joins the same series of several seeds.</summary>
public static class SeedAggregate
{
    /// <summary>
    /// A point for every step that any seed logged, over the seeds that have a finite value there. Where some seeds stopped
    /// early the later points are over the others.
    /// </summary>
    /// <param name="seeds">A series for each seed.</param>
    /// <param name="smoothTo">The last step of the grid on which long series are averaged before their mean is taken; 0 for none.</param>
    public static IReadOnlyList<SeedPoint> ByStep(IEnumerable<LogSeries> seeds, double smoothTo = 0) =>
    [
        .. seeds.Select(seed => smoothTo <= 0 || seed.Steps.Count < Curve.DenseFrom ? seed
                : seed.Smooth(0, smoothTo, share: 20, places: 150))
            .SelectMany(seed => seed.Steps.Zip(seed.Values)).GroupBy(point => point.First, point => point.Second)
            .OrderBy(step => step.Key).Select(step => Of(step.Key, step)),
    ];

    /// <summary>One point from the values of the seeds.</summary>
    public static SeedPoint Of(double step, IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length == 0)
            return new(step, double.NaN, double.NaN, double.NaN, 0);
        return new(step, finite.Average(), finite.Min(), finite.Max(), finite.Length);
    }
}
