using TextGan.Metrics.Embeddings;

namespace TextGan.Metrics;

/// <summary>
/// How far the generated texts are from held-out ones, as vectors of an encoder NAME: "frechet-NAME" is the Fréchet distance of Gaussians
/// (squared, 0 or more, lower is better), "mmd-NAME" the squared maximum mean discrepancy (unbiased, so that it may be below 0; lower is
/// better) with a Gaussian kernel, whose bandwidth is the median distance between held-out texts, and "mauve-NAME" the area under the
/// divergence frontier (0 to 1, higher is better). Values of different encoders cannot be compared. The same of as many training texts as
/// there are samples, "...-real", is what real texts reach. The Fréchet distance falls with the number of texts on either side, and the
/// area depends on it, too, so compare like with like.
/// </summary>
public sealed record EmbeddingDistanceMetricOptions : MetricOptions
{
    /// <summary>What gives each text a vector. Default: "corpus", a small language model of the training texts.</summary>
    public SentenceEncoderOptions Encoder { get; init; } = new CorpusEncoderOptions();

    /// <summary>
    /// Held-out texts at most, spread evenly over them, and generated ones, the first. Default 1000.
    /// </summary>
    [Range(2, 100_000)]
    public int Limit { get; init; } = 1000;

    /// <summary>The seed of the clusters of "mauve". Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => true;

    public override string NameEnd => Encoder.NameEnd;

    public override IReadOnlyList<string>? ValueNames => EmbeddingDistanceMetric.NamesOf(NameEnd);

    public override IMetric Build(MetricContext context)
    {
        const string kind = "embedding-distance";
        var heldOut = context.Texts(kind, Data, ReferenceSplit.HeldOut, Limit);
        if (heldOut.Count < 2)
            throw MetricInput.Invalid(kind, $"data set '{Data}' has {Amount.Of(heldOut.Count, "held-out text")}; at least 2 are needed.");
        var train = MetricInput.Spread(context.Split(kind, Data, ReferenceSplit.Train).Texts, Limit);
        var encoder = Encoder.BuildChecked(new SentenceEncoderContext(context.Encoder, context.Device, context.BaseFolder,
            limit => context.Texts(kind, Data, ReferenceSplit.Train, limit)));
        return new EmbeddingDistanceMetric(NameEnd, encoder, (heldOut, context.Encoder.Tokens(heldOut)),
            (train, context.Encoder.Tokens(train)), Limit, Seed);
    }
}
