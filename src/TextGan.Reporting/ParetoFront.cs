using TextGan.Metrics.Sweeps;

namespace TextGan.Reporting;

/// <summary>A hypervolume and its spread.</summary>
/// <param name="Metrics">The metrics that span the space.</param>
/// <param name="Set">Of which experiments: "all" or "without soups".</param>
/// <param name="OfMeans">Of the experiments' means over seeds.</param>
/// <param name="OfSeeds">Of each seed's own values: mean, smallest and largest, over the seeds that all the experiments have.</param>
public sealed record FrontVolume(IReadOnlyList<FrontMetric> Metrics, string Set, double OfMeans, SeedPoint OfSeeds);

/// <summary>
/// Which experiments are dominated: another one is at least as good in every metric and better in one. Experiments with the same values
/// do not dominate each other. Compared are means over seeds; whether a difference is more than chance is not tested.
/// </summary>
/// <param name="metrics">The metrics.</param>
/// <param name="points">The experiments, with values of all of them.</param>
/// <param name="reference">The reference point of hypervolumes: for each metric the worst value that counts.</param>
public sealed class ParetoFront(IReadOnlyList<FrontMetric> metrics, IReadOnlyList<FrontPoint> points, IReadOnlyList<double> reference)
{
    /// <summary>Beyond so many metrics a hypervolume of all of them would take long and say little.</summary>
    public const int MostInVolume = 5;

    public IReadOnlyList<FrontMetric> Metrics => metrics;

    public IReadOnlyList<FrontPoint> Points => points;

    public IReadOnlyList<double> Reference => reference;

    /// <summary>Whether one set of gains is at least as good in every metric and better in one.</summary>
    public static bool Dominates(IReadOnlyList<double> gains, IReadOnlyList<double> others) =>
        gains.Zip(others).All(pair => pair.First >= pair.Second) && gains.Zip(others).Any(pair => pair.First > pair.Second);

    /// <summary>The worst value of each metric over all runs.</summary>
    public static IReadOnlyList<double> Worst(IReadOnlyList<FrontMetric> metrics, IReadOnlyList<FrontPoint> points) =>
        [.. metrics.Select((metric, k) => metric.Gain(points.SelectMany(point => point.Seeds).Min(seed => metric.Gain(seed.Values[k]))))];

    /// <summary>The experiments that dominate one of them, in all metrics or in some.</summary>
    public IEnumerable<FrontPoint> Dominating(FrontPoint point, IReadOnlyList<int>? among = null)
    {
        var gains = Means(point, among);
        return points.Where(other => Dominates(Means(other, among), gains));
    }

    /// <summary>
    /// Whether one experiment's worst seed is at least as good as another's best in every metric; false where both have one seed, so that
    /// nothing is known of their spread.
    /// </summary>
    public bool IsApart(FrontPoint better, FrontPoint worse) => (better.Seeds.Count > 1 || worse.Seeds.Count > 1)
        && metrics.Index().All(metric => better.Seeds.Min(seed => metric.Item.Gain(seed.Values[metric.Index]))
            >= worse.Seeds.Max(seed => metric.Item.Gain(seed.Values[metric.Index])));

    /// <summary>The hypervolume of some metrics; if there are soups, also without them.</summary>
    /// <param name="among">Indexes of the metrics.</param>
    public IEnumerable<FrontVolume> Volumes(IReadOnlyList<int> among)
    {
        FrontPoint[] trained = [.. points.Where(point => !point.IsSoup)];
        yield return Volume("all", points, among);
        if (trained.Length > 0 && trained.Length < points.Count) yield return Volume("without soups", trained, among);
    }

    FrontVolume Volume(string set, IReadOnlyList<FrontPoint> of, IReadOnlyList<int> among)
    {
        double[] worst = [.. among.Select(k => metrics[k].Gain(reference[k]))];
        var common = of.Select(point => point.Seeds.Select(seed => seed.Seed)).Aggregate((some, others) => some.Intersect(others));
        return new([.. among.Select(k => metrics[k])], set, Hypervolume.Of(of.Select(point => Means(point, among)), worst),
            SeedAggregate.Of(0, common.Select(seed => Hypervolume.Of(of.Select(point =>
                Gains(point.Seeds.First(one => one.Seed == seed).Values, among)), worst))));
    }

    /// <summary>The means of an experiment as gains.</summary>
    IReadOnlyList<double> Means(FrontPoint point, IReadOnlyList<int>? among) =>
        Gains([.. point.Values.Select(value => value.Mean)], among ?? [.. Enumerable.Range(0, metrics.Count)]);

    IReadOnlyList<double> Gains(IReadOnlyList<double> values, IReadOnlyList<int> among) =>
        [.. among.Select(k => metrics[k].Gain(values[k]))];
}
