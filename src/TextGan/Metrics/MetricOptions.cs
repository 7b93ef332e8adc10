using TextGan.Metrics.Exact;

namespace TextGan.Metrics;

/// <summary>
/// A metric that is measured at each evaluation. The values of "nll" and "bleu" end with the name of the data set whose held-out texts
/// they compare with ("nll-DATA", "bleu-2-DATA"; "nll-DATA-train" where it is the training texts), so that there can be several.
/// The names of all other values do not depend on the data set.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NllMetricOptions), "nll")]
[JsonDerivedType(typeof(SourceNllMetricOptions), "source-nll")]
[JsonDerivedType(typeof(AttributesMetricOptions), "attributes")]
[JsonDerivedType(typeof(BleuMetricOptions), "bleu")]
[JsonDerivedType(typeof(SelfBleuMetricOptions), "self-bleu")]
[JsonDerivedType(typeof(DistinctNMetricOptions), "distinct-n")]
[JsonDerivedType(typeof(NoveltyMetricOptions), "novelty")]
[JsonDerivedType(typeof(LengthMetricOptions), "length")]
[JsonDerivedType(typeof(GoldMetricOptions), "gold")]
[JsonDerivedType(typeof(ReferenceKlMetricOptions), "reference-kl")]
[JsonDerivedType(typeof(FreshDiscriminatorMetricOptions), FreshDiscriminatorMetric.Kind)]
[JsonDerivedType(typeof(UniquePrefixesMetricOptions), UniquePrefixesMetric.Name)]
[JsonDerivedType(typeof(RulesMetricOptions), "rules")]
[JsonDerivedType(typeof(ModelNllMetricOptions), "model-nll")]
[JsonDerivedType(typeof(RankingMetricOptions), RankingMetric.Kind)]
[JsonDerivedType(typeof(ContextDivergenceMetricOptions), "context-divergence")]
[JsonDerivedType(typeof(SearchMetricOptions), "search")]
[JsonDerivedType(typeof(GradientEstimateMetricOptions), "gradient-estimate")]
[JsonDerivedType(typeof(LanguageModelScoreMetricOptions), "language-model-score")]
[JsonDerivedType(typeof(NGramCoverageMetricOptions), "n-gram-coverage")]
[JsonDerivedType(typeof(EmbeddingDistanceMetricOptions), "embedding-distance")]
[JsonDerivedType(typeof(TemperatureSweepMetricOptions), TemperatureSweepMetric.Kind)]
[JsonDerivedType(typeof(ExactMetricOptions), ExactMetricOptions.Kind)]
[JsonDerivedType(typeof(ExactDiscriminatorsMetricOptions), ExactDiscriminatorsMetricOptions.Kind)]
[JsonDerivedType(typeof(ExactCurvesMetricOptions), ExactCurvesMetricOptions.Kind)]
[JsonDerivedType(typeof(ExactOptimumMetricOptions), ExactOptimumMetricOptions.Kind)]
public abstract record MetricOptions : ComponentOptions<MetricContext, IMetric>
{
    /// <summary>The data set that it compares with, by name; null if it needs none.</summary>
    public string? Data { get; init; }

    /// <summary>Whether <see cref="Data"/> must be given.</summary>
    public virtual bool NeedsData => false;

    /// <summary>Whether <see cref="Data"/> must be drawn from a known distribution.</summary>
    public virtual bool NeedsExactSource => false;

    /// <summary>Whether <see cref="Data"/> must have held-out texts.</summary>
    public virtual bool NeedsHeldOut => false;

    /// <summary>
    /// Whether it needs the generator as it was at the start of the adversarial phase, of which a copy is then kept.
    /// </summary>
    public virtual bool NeedsReference => false;

    /// <summary>Whether every evaluation of both phases has its values.</summary>
    public virtual bool IsAtEveryEvaluation => true;

    /// <summary>What sets the names of its values apart from those of another metric of the same kind; empty where nothing does.</summary>
    public virtual string NameEnd => "";

    /// <summary>
    /// The names of its values, where the options alone decide them; null where the data do too (attributes), or it is not known.
    /// </summary>
    public virtual IReadOnlyList<string>? ValueNames => null;
}
