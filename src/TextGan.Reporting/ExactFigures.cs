using System.Text.RegularExpressions;

namespace TextGan.Reporting;

/// <summary>What discriminators say against what they should say (metric "exact-curves"), at the last evaluation.</summary>
public static partial class ExactFigures
{
    /// <summary>
    /// Whether a metric, without "metric/", is a point of a curve: these have a picture of their own, and no table shows them.
    /// </summary>
    public static bool IsOfCurve(string metric) => PointName().IsMatch(metric);

    /// <summary>The figure; none where no curve was measured.</summary>
    /// <param name="log">The run's.</param>
    /// <param name="run">The run in words.</param>
    /// <param name="lookOf">How a discriminator looks in all pictures.</param>
    public static IEnumerable<Figure> Of(RunLog log, string run, Func<string, LineLook> lookOf)
    {
        string[] names = [.. log.Names.Where(name => name.StartsWith(LogNames.Metric, StringComparison.Ordinal))
            .Select(name => PointName().Match(name[LogNames.Metric.Length..])).Where(match => match.Success)
            .Select(match => match.Groups["name"].Value).Distinct()];
        AgainstLine[] Lines(string should, string isNamed) => [.. names.Select(name => new AgainstLine(lookOf(name), Points(name, should,
            isNamed))).Where(line => line.Points.Count > 0)];
        var (verdicts, energies) = (Lines("optimal", "learnt"), Lines("log-p", "energy"));
        if (verdicts.Length == 0 || energies.Length == 0) yield break;
        yield return new Figure("exact", $"Discriminators against the truth: {run}",
        [
            new([
                new AgainstPanel(verdicts)
                {
                    Title = "Verdict on texts, grouped by the best one", Unit = "mean D", HorizontalUnit = "p/(p + q), ten groups",
                },
                new AgainstPanel(energies)
                {
                    Title = "Energy of texts, grouped by likelihood", Unit = "mean f, moved by a constant",
                    HorizontalUnit = "ln p, ten groups of equally many texts",
                },
            ]),
        ])
        {
            Legend = [.. names.Select(name => new LegendEntry(name, lookOf(name)))],
            Note = "Dashed: what the best discriminator would say. f is the logit, of a structured discriminator the logit and ln q. " +
                "Bars: standard deviation within a group.",
        };

        IReadOnlyList<(double, double, double)> Points(string name, string should, string isNamed)
        {
            var points = new List<(double, double, double)>();
            for (var group = 1; Last($"{should}-{group}") is { } x; group++)
                if (Last($"{isNamed}-{group}") is { } y && double.IsFinite(x) && double.IsFinite(y))
                    points.Add((x, y, Last($"{isNamed}-{group}-deviation") ?? 0));
            return points;

            double? Last(string value) => log.Find(Phase.Adversarial, $"{LogNames.Metric}exact-{name}-{value}")?.LastValue
                ?? (log.Missing.ContainsKey($"{LogNames.Metric}exact-{name}-{value}") ? double.NaN : null);
        }
    }

    [GeneratedRegex("^exact-(?<name>.+)-(optimal|learnt|log-p|energy)-[0-9]{1,3}(-deviation)?$")]
    private static partial Regex PointName();
}
