namespace TextGan.Reporting;

/// <summary>An experiment in the space of the chosen metrics.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Label">What pictures call it.</param>
/// <param name="IsSoup">Whether its weights are the mean of those of other runs.</param>
/// <param name="Look">Its look.</param>
/// <param name="Seeds">For each seed the last value of each metric, in the order of the metrics; all finite.</param>
public sealed record FrontPoint(
    string Name, string Label, bool IsSoup, LineLook Look, IReadOnlyList<(string Seed, IReadOnlyList<double> Values)> Seeds)
{
    /// <summary>For each metric mean, smallest and largest value over the seeds.</summary>
    public IReadOnlyList<SeedPoint> Values { get; } =
        [.. Seeds[0].Values.Select((_, k) => SeedAggregate.Of(0, Seeds.Select(seed => seed.Values[k])))];
}
