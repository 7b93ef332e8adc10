using System.Text.Json.Nodes;
using TextGan.Cli.Commands;
using TextGan.Reporting;

namespace TextGan.Cli.Display;

/// <summary>What experiments changed, as sentences and as JSON.</summary>
public static class ChangeText
{
    /// <summary>A sentence for each experiment; if some have several seeds, also one that explains their figures.</summary>
    public static IEnumerable<string> Sentences(IReadOnlyList<ExperimentChange> changes) =>
    [
        .. changes.Select(change => change.Sentence), .. changes.Any(change => change.HasSpread) ? [ExperimentChange.Legend] : (string[])[],
    ];

    /// <summary>The same figures; "isBeyondSpread" is null of one seed.</summary>
    public static JsonArray Json(IReadOnlyList<ExperimentChange> changes) => [.. changes.Select(change => new JsonObject
    {
        ["experiment"] = change.Experiment, ["seedCount"] = change.Seeds, ["unfinished"] = change.Unfinished, ["control"] = change.Control,
        ["isAdversarial"] = change.IsAdversarial, ["sentence"] = change.Sentence,
        ["metrics"] = new JsonArray([.. change.Metrics.Select(metric => new JsonObject
        {
            ["name"] = metric.Metric, ["better"] = metric.HigherIsBetter ? "higher" : "lower", ["seedCount"] = metric.Seeds.Count,
            ["start"] = ResultForm.Number(metric.Start), ["end"] = ResultForm.Number(metric.End),
            ["change"] = ResultForm.Number(metric.Difference.Mean), ["low"] = ResultForm.Number(metric.Difference.Low),
            ["high"] = ResultForm.Number(metric.Difference.High), ["isBeyondSpread"] = metric.IsBeyondSpread,
        })]),
    })];
}
