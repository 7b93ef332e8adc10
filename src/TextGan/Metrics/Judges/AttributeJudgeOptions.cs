using TextGan.Data;

namespace TextGan.Metrics.Judges;

/// <summary>The truth: whether a text has an attribute, by the definition of the data set's exact source.</summary>
public sealed record AttributeJudgeOptions : GoldJudgeOptions
{
    /// <summary>The attribute; the grammar has "grammatical", "helpful" and "harmless".</summary>
    [Required]
    public string Attribute { get; init; } = "";

    public override bool NeedsExactSource => true;

    public override GoldJudge Build(GoldJudgeContext context) =>
        new AttributeJudge(context.Data!.SourceWith(Attribute, "gold"), Attribute);
}

/// <summary>1 for texts with an attribute of an exact source, 0 for others.</summary>
public sealed class AttributeJudge(IExactSource source, string attribute) : GoldJudge
{
    public override bool IsTruth => true;

    public override IReadOnlyList<double> Scores(IReadOnlyList<string> texts) =>
        [.. source.Judge(attribute, texts).Select(has => has ? 1.0 : 0)];

    public override string? Finding(DataSplit heldOut) => null;
}
