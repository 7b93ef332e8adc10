namespace TextGan.Metrics;

/// <summary>
/// The generator's negative log-likelihood of real texts: the mean of -ln p(token | the tokens before it) over all tokens of the texts, in
/// nats per token, lower is better. Each text's end token counts as a token (a text cut at the experiment's length has none), dropout is
/// off, and the sampling temperature plays no part unless "tempered" says so. Of a text with a prompt the tokens of the prompt are
/// read and not counted. The value is called "nll-DATA" after the data set, and "nll-DATA-train" for its training texts.
/// </summary>
public sealed record NllMetricOptions : MetricOptions
{
    /// <summary>Which texts are scored: "held-out" (default) or "train".</summary>
    public ReferenceSplit Split { get; init; } = ReferenceSplit.HeldOut;

    /// <summary>Texts that are scored at most, spread evenly over the split. Default 1000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 1000;

    /// <summary>
    /// Whether it is that of the distribution that evaluations draw from at "evaluation.sampling.temperature", so that the quality of
    /// samples and the likelihood of real text are of one model (Caccia et al., 1811.02549). Default false: the model's own distribution.
    /// </summary>
    public bool Tempered { get; init; }

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => Split == ReferenceSplit.HeldOut;

    public override string NameEnd => MetricInput.Suffix(Data ?? "", Split);

    public override IReadOnlyList<string>? ValueNames => ["nll" + NameEnd];

    public override IMetric Build(MetricContext context)
    {
        var tokenizer = context.Encoder.Tokenizer;
        var (rows, promptLengths) = context.Rows("nll", Data, Split, Limit);
        return new NllMetric("nll" + NameEnd, rows, tokenizer.StartId, tokenizer.EndId, context.BatchSize, promptLengths,
            Tempered ? context.Temperature : 1);
    }
}
