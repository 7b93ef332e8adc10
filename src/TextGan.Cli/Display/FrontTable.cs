using TextGan.Reporting;

namespace TextGan.Cli.Display;

/// <summary>Which experiments are dominated and by which, and hypervolumes with their spread over seeds.</summary>
public static class FrontTable
{
    const int LongestName = 40;

    public static IReadOnlyList<string> Lines(DrawnFront drawn, int width)
    {
        var front = drawn.Front;
        var points = new TextTable(["experiment", "seeds", .. front.Metrics.Select(metric => Name(metric.Name)), "dominated by"]) {
            LeftAligned = true };
        var isApart = false;
        foreach (var point in front.Points)
        {
            var by = front.Dominating(point).Select(other => (other.Name, IsApart: front.IsApart(other, point))).ToList();
            isApart |= by.Any(one => one.IsApart);
            points.Add([Name(point.Name), point.Seeds.Count.ToString(), .. point.Values.Select(value => Spread(value)),
                string.Join(", ", by.Select(one => Name(one.Name) + (one.IsApart ? "*" : "")))]);
        }
        var volumes = new TextTable("hypervolume", "of", "means", "seeds' own") { LeftAligned = true };
        foreach (var volume in drawn.Volumes)
            volumes.Add(string.Join(", ", volume.Metrics.Select(metric => Name(metric.Name))), volume.Set, Digits(volume.OfMeans),
                volume.OfSeeds.Count == 0 ? "no seed that all have"
                    : $"{Spread(volume.OfSeeds, Digits)}, {Amount.Of(volume.OfSeeds.Count, "seed")}");
        string[] lower = [.. front.Metrics.Where(metric => !metric.HigherIsBetter).Select(metric => Name(metric.Name))];
        var (spread, values) = front.Points.Any(point => point.Seeds.Count > 1) ? ("In brackets: smallest to largest seed.", "means")
            : ("One seed each: nothing is known of the spread.", "values");
        return
        [
            .. points.Lines(width), "", .. volumes.Lines(width), "",
            $"Reference point: {string.Join(", ", front.Metrics.Zip(front.Reference, (metric, worst) =>
                $"{Name(metric.Name)} {NumberText.Of(worst)}"))}. Higher is better{(lower.Length == 0 ? "" :
                $", but lower of {string.Join(", ", lower)}")}.",
            $"{spread} 'Dominated by' compares {values} in all of these metrics, without a test of significance.",
            .. isApart ? ["*: its worst seed is at least as good as the other's best in every metric."] : (string[])[],
        ];
    }

    static string Name(string name) => SafeText.Line(name, LongestName);

    static string Spread(SeedPoint point) => Spread(point, NumberText.Of);

    static string Spread(SeedPoint point, Func<double, string> text) =>
        text(point.Mean) + (point.High > point.Low ? $" ({text(point.Low)} to {text(point.High)})" : "");

    /// <summary>A hypervolume of several shares is small.</summary>
    static string Digits(double volume) => Reporting.NumberText.Significant(volume);
}
