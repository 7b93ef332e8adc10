using System.Globalization;
using TextGan.Metrics.LanguageModels;
using TextGan.Metrics.Sweeps;

namespace TextGan.Metrics;

/// <summary>
/// Quality against diversity over the settings of sampling, because a model can trade one for the other by its temperature alone (Caccia et
/// al. 1811.02549). At each temperature, and each top-p at temperature 1, texts are drawn, and up to three pairs of figures are measured:
/// "likelihood", the negative log-likelihood of the texts under the data's exact source ("nll-oracle") and of held-out texts under the
/// tempered generator softmax(logits/T) ("nll-test"; temperatures only), "bleu", BLEU and self-BLEU, and "language-model", the
/// language-model score and the reverse one. A point is called "sweep-point-temperature-0.5-nll-test" and so on. Of each pair
/// "sweep-best-VARIABLE-PAIR" is the lowest sum of both (of BLEU self-BLEU minus BLEU), lower is better, and "sweep-area-VARIABLE-PAIR" the
/// share of the box from the ideal to the reference point that the points dominate, higher is better. "sweep-reference" is the reference
/// point of nats. It is measured at the end of each phase.
/// </summary>
public sealed record TemperatureSweepMetricOptions : MetricOptions
{
    /// <summary>
    /// Temperatures, above 0. Default [0.3, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5].
    /// </summary>
    public IReadOnlyList<double> Temperatures { get; init; } = [0.3, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5];

    /// <summary>Values of top-p, above 0 and at most 1, at temperature 1. Default: none.</summary>
    public IReadOnlyList<double> TopP { get; init; } = [];

    /// <summary>
    /// Which pairs are measured: "likelihood", "bleu", "language-model". Null (default): all, "likelihood" if the data set has an exact
    /// source.
    /// </summary>
    public IReadOnlyList<SweepPairKind>? Pairs { get; init; }

    /// <summary>Texts that are drawn at each setting. Null (default): as many as the evaluation draws.</summary>
    [Range(2, 10_000_000)]
    public int? Samples { get; init; }

    /// <summary>N of BLEU-N and self-BLEU-N. Default 5.</summary>
    [Range(1, MetricInput.LargestOrder)]
    public int Order { get; init; } = 5;

    /// <summary>
    /// The language model of the scores: "n-gram" (default) or "lstm", as in the metric "language-model-score". One learns at each setting.
    /// </summary>
    public ScoringModelKind Model { get; init; } = ScoringModelKind.NGram;

    /// <summary>Training texts that the language model learns from at most, spread evenly over them. Default 10000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 10_000;

    /// <summary>
    /// Held-out texts at most, spread evenly over them: those of "nll-test", BLEU's references, those of the reverse score. Default 1000.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int HeldOut { get; init; } = 1000;

    /// <summary>
    /// The worst value in nats per token that areas count. Null (default): 2 ln V, twice the likelihood of tokens drawn uniformly from the
    /// V of the vocabulary.
    /// </summary>
    [Range(0.001, 1_000_000.0)]
    public double? Reference { get; init; }

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => true;

    public override bool NeedsExactSource => Pairs?.Contains(SweepPairKind.Likelihood) == true;

    public override bool IsAtEveryEvaluation => false;

    public override IReadOnlyList<string>? ValueNames => Pairs is null ? null
        :
        [
            .. Settings.SelectMany(setting => Chosen(setting.Variable).SelectMany(pair => (string[])[
                .. setting.Values.SelectMany(at => (string[])[
                    SweepCurve.PointName(setting.Variable, at, pair.Quality), SweepCurve.PointName(setting.Variable, at, pair.Diversity)]),
                SweepCurve.BestName(setting.Variable, pair), SweepCurve.AreaName(setting.Variable, pair)])),
            SweepCurve.Reference,
        ];

    IReadOnlyList<(SweepVariable Variable, IReadOnlyList<double> Values)> Settings =>
        [.. ((SweepVariable, IReadOnlyList<double> Values)[])[(SweepVariable.Temperature, Temperatures), (SweepVariable.TopP, TopP)]];

    IEnumerable<SweepPair> Chosen(SweepVariable variable) => Pairs!
        .Where(pair => variable == SweepVariable.Temperature || pair != SweepPairKind.Likelihood).Select(pair => pair switch
        {
            SweepPairKind.Likelihood => SweepPair.OfLikelihood,
            SweepPairKind.Bleu => SweepPair.OfBleu(Order),
            _ => SweepPair.OfLanguageModel(ScoringModel.NameOf(Model)),
        });

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in Wrong(Temperatures, 100, $"{path}.temperatures")) yield return problem;
        foreach (var problem in Wrong(TopP, 1, $"{path}.topP")) yield return problem;
        if (Temperatures.Count + TopP.Count == 0)
            yield return new($"{path}.temperatures", "and 'topP' are both empty; give at least one value of one of them.");
        if (Pairs is null) yield break;
        if (Pairs.Count == 0 || Pairs.Distinct().Count() < Pairs.Count)
            yield return new($"{path}.pairs", $"{Pairs.Count} found; at least one pair is needed, and none twice.");
        else if (Pairs.All(pair => pair == SweepPairKind.Likelihood) && TopP.Count > 0)
            yield return new($"{path}.topP",
                "has values, but with them real texts have probability 0; take further 'pairs', or leave it out.");
    }

    static IEnumerable<Problem> Wrong(IReadOnlyList<double> values, double most, string path)
    {
        double[] wrong = [.. values.Where(value => !(value > 0 && value <= most))];
        if (wrong.Length > 0)
            yield return new(path, $"{string.Join(", ", wrong.Select(value => value.ToString(CultureInfo.InvariantCulture)))} found; " +
                $"each must be above 0 and at most {most}.");
        else if (values.Distinct().Count() < values.Count) yield return new(path, "has a value twice.");
    }

    public override IMetric Build(MetricContext context)
    {
        const string kind = TemperatureSweepMetric.Kind;
        var (tokenizer, set) = (context.Encoder.Tokenizer, context.DataSet(kind, Data));
        bool Has(SweepPairKind pair) => Pairs?.Contains(pair) ?? (pair != SweepPairKind.Likelihood || set.Source is not null);
        NllMetric Test()
        {
            var (rows, promptLengths) = context.Rows(kind, Data, ReferenceSplit.HeldOut, HeldOut);
            return new("nll-test", rows, tokenizer.StartId, tokenizer.EndId, context.BatchSize, promptLengths);
        }
        return new TemperatureSweepMetric(
            Settings, Samples, Reference ?? 2 * Math.Log(tokenizer.VocabularySize), context.Encoder, context.BatchSize)
        {
            Likelihood = Has(SweepPairKind.Likelihood) ? (context.Source(kind, Data), Test()) : null,
            Bleu = Has(SweepPairKind.Bleu)
                ? (context.Encoder.Tokens(context.Texts(kind, Data, ReferenceSplit.HeldOut, HeldOut)), Order) : null,
            LanguageModel = Has(SweepPairKind.LanguageModel) ? (
                LanguageModelScoreMetricOptions.Scores(context, kind, Data, Model, Limit, HeldOut), ScoringModel.NameOf(Model)) : null,
        };
    }
}
