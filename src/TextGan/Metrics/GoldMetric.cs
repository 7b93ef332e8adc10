using System.Globalization;
using TextGan.Data;
using TextGan.Metrics.Judges;

namespace TextGan.Metrics;

/// <summary>The mean score of generated texts by a judge apart from the discriminators (<see cref="GoldMetricOptions"/>).</summary>
public sealed class GoldMetric : IMetric, IDisposable
{
    readonly string name;
    readonly GoldJudge judge;
    readonly (double Mean, double Deviation) real;

    /// <param name="name">NAME in "gold-NAME".</param>
    /// <param name="judge">The judge.</param>
    /// <param name="heldOut">The real texts, which it has not learnt from; not read of a judge that is the truth.</param>
    public GoldMetric(string name, GoldJudge judge, DataSplit heldOut)
    {
        (this.name, this.judge) = (name, judge);
        if (judge.IsTruth) return;
        var scores = judge.Scores([.. heldOut.Texts, .. heldOut.Rejected ?? []]);
        real = (scores.Average(), MeanAndError.Deviation(scores));
        Finding = string.Create(CultureInfo.InvariantCulture,
            $"gold judge '{name}': {(judge.Finding(heldOut) is { } finding ? $"{finding}; " : "")}scores of " +
            $"{Amount.Of(scores.Count, "real text")}: mean {real.Mean:0.000}, standard deviation {real.Deviation:0.000}");
    }

    public string? Finding { get; }

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var (mean, error) = MeanAndError.Of(judge.Scores(context.Texts));
        if (judge.IsTruth) return new Dictionary<string, double> { [$"gold-{name}"] = mean, [$"gold-{name}-error"] = error };
        var unit = real.Deviation > 0 ? real.Deviation : double.NaN;
        return new Dictionary<string, double>
        {
            [$"gold-{name}"] = (mean - real.Mean) / unit, [$"gold-{name}-error"] = error / unit, [$"gold-{name}-raw"] = mean,
        };
    }

    public string WhyMissing(string name) =>
        real.Deviation > 0 || judge.IsTruth ? "there are too few samples" : "the real texts' scores have no deviation";

    public void Dispose() => (judge as IDisposable)?.Dispose();
}
