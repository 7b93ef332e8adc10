using System.Globalization;
using System.Text.RegularExpressions;

namespace TextGan.Metrics.Sweeps;

/// <summary>The points of one variable, and how the metrics of a run name them.</summary>
/// <param name="Variable">What varies.</param>
/// <param name="Points">By rising setting.</param>
public sealed partial record SweepCurve(SweepVariable Variable, IReadOnlyList<SweepPoint> Points)
{
    /// <summary>The metric that tells the worst value in nats that areas count.</summary>
    public const string Reference = "sweep-reference";

    /// <summary>"temperature" or "top-p".</summary>
    public static string NameOf(SweepVariable variable) => variable == SweepVariable.Temperature ? "temperature" : "top-p";

    /// <summary>"sweep-point-temperature-0.5-nll-test".</summary>
    public static string PointName(SweepVariable variable, double at, string figure) =>
        string.Create(CultureInfo.InvariantCulture, $"sweep-point-{NameOf(variable)}-{at:R}-{figure}");

    /// <summary>"sweep-best-temperature-likelihood": the lowest sum of a pair.</summary>
    public static string BestName(SweepVariable variable, SweepPair pair) => $"sweep-best-{NameOf(variable)}-{pair.Name}";

    /// <summary>"sweep-area-temperature-likelihood".</summary>
    public static string AreaName(SweepVariable variable, SweepPair pair) => $"sweep-area-{NameOf(variable)}-{pair.Name}";

    /// <summary>Whether a metric is no figure of its own, but a point of a curve or the reference.</summary>
    public static bool IsOfCurve(string metric) => metric == Reference || PointPattern().IsMatch(metric);

    /// <summary>The curves that metrics tell of, by their names.</summary>
    public static IReadOnlyList<SweepCurve> In(IReadOnlyDictionary<string, double> metrics) =>
    [
        .. metrics.Select(metric => (Name: PointPattern().Match(metric.Key), metric.Value)).Where(one => one.Name.Success)
            .Select(one => (Variable: one.Name.Groups["variable"].Value == "top-p" ? SweepVariable.TopP : SweepVariable.Temperature,
                At: double.Parse(one.Name.Groups["at"].Value, CultureInfo.InvariantCulture),
                Figure: one.Name.Groups["figure"].Value, one.Value))
            .GroupBy(one => one.Variable).OrderBy(curve => curve.Key)
            .Select(curve => new SweepCurve(curve.Key, [.. curve.GroupBy(one => one.At).OrderBy(point => point.Key)
                .Select(point => new SweepPoint(point.Key, point.ToDictionary(one => one.Figure, one => one.Value)))])),
    ];

    /// <summary>The pairs that some point has both figures of.</summary>
    public IReadOnlyList<SweepPair> Pairs =>
        [.. Points.SelectMany(point => point.Values.Keys).Distinct().Select(SweepPair.OfQuality).OfType<SweepPair>()
            .Where(pair => Points.Any(point => point.Values.ContainsKey(pair.Diversity)))];

    [GeneratedRegex("^sweep-point-(?<variable>temperature|top-p)-(?<at>[0-9.]+(E[+-]?[0-9]+)?)-(?<figure>.+)$")]
    private static partial Regex PointPattern();
}
