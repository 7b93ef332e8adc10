using TextGan.Data;
using TextGan.Data.Rules;
using TextGan.Discriminators;
using TextGan.Generators.Pretrained;

namespace TextGan.Metrics;

/// <summary>
/// How well a discriminator that took no part in training tells generated texts from real ones. It learns on texts of both sides and is
/// measured on further ones, so that what it learns by heart does not count. NAME is the discriminator's name: "fresh-auc-NAME" is the
/// probability that it scores a real text above a generated one (the area under its ROC curve): .5 where it cannot tell them apart, 1
/// where it always can. It sees what perplexity and distinct-n do not, such as texts that are all of one narrow kind.
/// "fresh-auc-NAME-low" and "fresh-auc-NAME-high" are the ends of a 95% bootstrap interval over the measured texts;
/// "fresh-learnt-NAME" and "fresh-measured-NAME" are the numbers of texts of each side. The discriminator's data, weight, cadence,
/// opponents and what else concerns only the game with a generator have no meaning here. With the kind "features" it reads a pretrained
/// model, such as its hidden states, or the generator as it was at the start of the adversarial phase, and needs far fewer texts. It is
/// measured at the end of each phase, as it takes time, unless "everyEvaluation" is set.
/// </summary>
public sealed record FreshDiscriminatorMetricOptions : MetricOptions
{
    /// <summary>The discriminator: kind, name, and how it learns. Default: { "kind": "cnn", "name": "cnn" }.</summary>
    public DiscriminatorOptions Discriminator { get; init; } = new CnnDiscriminatorOptions { Name = "cnn" };

    /// <summary>
    /// With what generated texts are compared: "data" (default), the held-out texts of the data set, or "reference", texts of the generator
    /// as it was at the start of the adversarial phase.
    /// </summary>
    public ComparedSide Against { get; init; }

    /// <summary>Texts of each side that it learns from. Default 1000; fewer where there are not as many.</summary>
    [Range(2, 10_000_000)]
    public int Learn { get; init; } = 1000;

    /// <summary>Further texts of each side that it is measured on. Default 1000; fewer where there are not as many.</summary>
    [Range(2, 10_000_000)]
    public int Measure { get; init; } = 1000;

    /// <summary>Updates. Default 300.</summary>
    [Range(1, 10_000_000)]
    public int Steps { get; init; } = 300;

    /// <summary>
    /// One discriminator for each seed, of its weights and of the order of the texts; the value is the mean over them. Default [1].
    /// </summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>Only texts of both sides that have this property take part; null (default): all.</summary>
    public TextRuleOptions? Where { get; init; }

    /// <summary>Only texts of both sides that have this attribute of the data set's exact source take part; null (default): all.</summary>
    public string? WhereAttribute { get; init; }

    /// <summary>Whether it is measured at every evaluation. Default false.</summary>
    public bool EveryEvaluation { get; init; }

    public override bool NeedsData => Against == ComparedSide.Data || NeedsExactSource;

    public override bool NeedsHeldOut => Against == ComparedSide.Data;

    public override bool NeedsExactSource => WhereAttribute is not null;

    public override bool NeedsReference => Against == ComparedSide.Reference || Discriminator.ReadsReference;

    public override bool IsAtEveryEvaluation => EveryEvaluation && !NeedsReference;

    public override string NameEnd => Discriminator.Name;

    public override IReadOnlyList<string>? ValueNames => FreshDiscriminatorMetric.NamesOf(Discriminator.Name);

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Seeds.Count == 0 || Seeds.Any(seed => seed < 0) || Seeds.Distinct().Count() < Seeds.Count)
            yield return new($"{path}.seeds", $"[{string.Join(", ", Seeds)}] found; at least one seed is needed, none negative or twice.");
        if (!Discriminator.Learns)
            yield return new($"{path}.discriminator", "does not learn; take a kind that does.");
        if (Discriminator.Loss.NeedsPairs)
            yield return new($"{path}.discriminator.loss",
                "compares pairs, but a real and a generated text are no pair; take another loss.");
        if (Where is not null && WhereAttribute is not null)
            yield return new($"{path}.where", "and 'whereAttribute' are both given; keep one of the two.");
    }

    public override IMetric Build(MetricContext context)
    {
        Func<IReadOnlyList<string>, IReadOnlyList<bool>>? holds = null;
        if (Where?.Build() is { } rule) holds = texts => [.. texts.Select(rule.Holds)];
        else if (WhereAttribute is { } attribute)
        {
            var source = context.DataSet(FreshDiscriminatorMetric.Kind, Data).SourceWith(attribute, FreshDiscriminatorMetric.Kind);
            holds = texts => source.Judge(attribute, texts);
        }
        var real = Against == ComparedSide.Data
            ? FreshTexts.Real(HeldOut(context), holds, Learn + Measure, context.Encoder) : null;
        var model = Discriminator is IModelReader { Model: not null } reader
            ? context.Model(FreshDiscriminatorMetric.Kind, reader) : null;
        return new FreshDiscriminatorMetric(this, real, holds, context.Encoder, context.Device, context.BatchSize, model);
    }

    /// <summary>The held-out texts of the data set. They have prompts where the generator's texts have.</summary>
    DataSplit HeldOut(MetricContext context)
    {
        context.Texts(FreshDiscriminatorMetric.Kind, Data, ReferenceSplit.HeldOut, 1); // there must be some
        var split = context.Split(FreshDiscriminatorMetric.Kind, Data, ReferenceSplit.HeldOut);
        // Data sets show their prompts only where the generator answers prompts.
        var prompted = context.DataSets.Values.Where(set => set.Train.Prompts is not null).Select(set => set.Name).ToArray();
        return split.Prompts is not null || prompted.Length == 0 ? split : throw MetricInput.Invalid(FreshDiscriminatorMetric.Kind,
            $"data set '{Data}' has no held-out prompts, so that its texts would be told from the generator's by the prompts of these; " +
            $"data sets with prompts: {MetricInput.Names(prompted)}.");
    }
}
