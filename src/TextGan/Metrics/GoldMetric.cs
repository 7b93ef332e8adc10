using System.Globalization;
using TextGan.Data;
using TextGan.Metrics.Judges;

namespace TextGan.Metrics;

/// <summary>The mean score of generated texts by a judge apart from the discriminators (<see cref="GoldMetricOptions"/>).</summary>
/// <param name="name">NAME in "gold-NAME".</param>
/// <param name="judge">The judge, which learns before the first score; disposed of with this.</param>
/// <param name="heldOut">The real texts, which it has not learnt from; not read of a judge that is the truth.</param>
public sealed class GoldMetric(string name, GoldJudge judge, DataSplit heldOut) : IMetric, IDisposable
{
    readonly Lazy<(double Mean, double Deviation, string? Finding)> real = new(() =>
    {
        judge.Learn();
        if (judge.IsTruth) return default;
        var scores = judge.Scores([.. heldOut.Texts, .. heldOut.Rejected ?? []]);
        var (mean, deviation) = (scores.Average(), MeanAndError.Deviation(scores));
        return (mean, deviation, string.Create(CultureInfo.InvariantCulture,
            $"gold judge '{name}': {(judge.Finding(heldOut) is { } finding ? $"{finding}; " : "")}scores of " +
            $"{Amount.Of(scores.Count, "real text")}: mean {mean:0.000}, standard deviation {deviation:0.000}"));
    });

    public string? Finding => real.Value.Finding;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var (realMean, deviation, _) = real.Value;
        var (mean, error) = MeanAndError.Of(judge.Scores(context.Texts));
        if (judge.IsTruth) return new Dictionary<string, double> { [$"gold-{name}"] = mean, [$"gold-{name}-error"] = error };
        var unit = deviation > 0 ? deviation : double.NaN;
        return new Dictionary<string, double>
        {
            [$"gold-{name}"] = (mean - realMean) / unit, [$"gold-{name}-error"] = error / unit, [$"gold-{name}-raw"] = mean,
        };
    }

    public string WhyMissing(string name) =>
        real.Value.Deviation > 0 || judge.IsTruth ? "there are too few samples" : "the real texts' scores have no deviation";

    public void Dispose() => (judge as IDisposable)?.Dispose();
}
