using TextGan.Data;
using TextGan.Metrics.Judges;

namespace TextGan.Metrics;

/// <summary>
/// The generated texts' mean score by a judge apart from the discriminators: one that learns from data that training never reads, or the
/// exact truth. If the learnt rewards rise and this falls, the generator fools its judges. Of a judge that learns, "gold-NAME" is in
/// standard deviations of the real texts' scores, above their mean (real: held-out texts of its data set, of pairs chosen and rejected
/// alike), and "gold-NAME-raw" is the mean score as it is; of the truth, "gold-NAME" is the share of texts that have the attribute.
/// "gold-NAME-error" is the standard error of "gold-NAME". How good the judge is on held-out texts is said once, when a run begins. A
/// judge that learns is rejected where training reads its data set or one of its files.
/// </summary>
public sealed record GoldMetricOptions : MetricOptions
{
    /// <summary>
    /// What its values are called after; where it is the name of a discriminator, plots show the learnt reward of that one beside it.
    /// </summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>The judge. Default: n-gram.</summary>
    public GoldJudgeOptions Judge { get; init; } = new NGramJudgeOptions();

    public override bool NeedsData => Judge.NeedsData;

    public override bool NeedsExactSource => Judge.NeedsExactSource;

    public override bool NeedsHeldOut => Judge.Learns;

    public override string NameEnd => Name;

    public override IReadOnlyList<string>? ValueNames =>
        [$"gold-{Name}", $"gold-{Name}-error", .. Judge.Learns ? new[] { $"gold-{Name}-raw" } : []];

    public override IMetric Build(MetricContext context)
    {
        var data = Judge.NeedsData ? context.DataSet("gold", Data) : null;
        if (Judge.NeedsPairs && data!.Train.Rejected is null)
        {
            var others = context.DataSets.Values.Where(set => set.Train.Rejected is not null).Select(set => set.Name);
            throw MetricInput.Invalid("gold", $"data set '{Data}' has no pairs, which the judge of '{Name}' learns from; allowed are: " +
                $"{MetricInput.Names(others)}.");
        }
        if (Judge.Learns) context.Texts("gold", Data, ReferenceSplit.HeldOut, 1); // there must be some
        var judge = Judge.BuildChecked(new GoldJudgeContext(data, context.Encoder, context.Device, context.BaseFolder,
            context.BatchSize));
        return new GoldMetric(Name, judge, data?.HeldOut ?? DataSplit.Empty);
    }
}
