namespace TextGan.Metrics;

/// <summary>
/// The generator's negative log-likelihood of real texts: the mean of -ln p(token | the tokens before it) over all tokens of the texts, in
/// nats per token, lower is better. Each text's end token counts as a token (a text cut at the experiment's length has none), dropout is
/// off, and the sampling temperature plays no part. Of a text with a prompt the tokens of the prompt are read and not counted. The value is
/// called "nll-DATA" after the data set, and "nll-DATA-train" for its training texts.
/// </summary>
public sealed record NllMetricOptions : MetricOptions
{
    /// <summary>Which texts are scored: "held-out" (default) or "train".</summary>
    public ReferenceSplit Split { get; init; } = ReferenceSplit.HeldOut;

    /// <summary>Texts that are scored at most, spread evenly over the split. Default 1000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 1000;

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => Split == ReferenceSplit.HeldOut;

    public override string NameEnd => MetricInput.Suffix(Data ?? "", Split);

    public override IReadOnlyList<string>? ValueNames => ["nll" + NameEnd];

    public override IMetric Build(MetricContext context)
    {
        var texts = context.Texts("nll", Data, Split, Limit);
        var (tokenizer, length) = (context.Encoder.Tokenizer, context.Encoder.Length);
        if (tokenizer.EndId is null && texts.FirstOrDefault(text => tokenizer.Encode(text).Count < length) is { } shorter)
        {
            throw MetricInput.Invalid("nll", $"data set '{Data}' has a text of {Amount.Of(tokenizer.Encode(shorter).Count, "token")}; "
                + $"without an end token every text must have at least {Amount.Of(length, "token")} (\"length\").");
        }
        var split = context.Split("nll", Data, Split);
        var prompts = split.Prompts is null ? null : MetricInput.Spread(split.Prompts, Limit);
        var drawn = split.Drawn is null ? null : MetricInput.Spread(split.Drawn, Limit);
        var (rows, lengths) = (new long[texts.Count][], new int[texts.Count]);
        for (var i = 0; i < texts.Count; i++) lengths[i] =
            context.Encoder.EncodeRow(texts[i], rows[i] = new long[length], prompts?[i], split.HasControls, drawn?[i]).PromptLength;
        return new NllMetric("nll" + NameEnd, rows, tokenizer.StartId, tokenizer.EndId, context.BatchSize,
            lengths);
    }
}
