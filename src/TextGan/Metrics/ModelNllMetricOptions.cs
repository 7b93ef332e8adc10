using TextGan.Generators.Pretrained;

namespace TextGan.Metrics;

/// <summary>
/// How likely another model finds the generated texts: "model-nll" is the mean of -ln p(token | the tokens before it) over all tokens of
/// the texts, in nats per token, and "model-perplexity" its exponential. A text's end token counts as a token; of a text with a prompt the
/// tokens of the prompt are read and not counted. Low values alone are no sign of good texts: few likely texts repeated have the lowest.
/// </summary>
public sealed record ModelNllMetricOptions : MetricOptions, IModelReader
{
    /// <summary>
    /// The folder of a pretrained model in Hugging Face's layout with the vocabulary of the experiment's tokenizer; a relative path starts
    /// at the folder of the experiment file. Null (default): the generator as it was at the start of the adversarial phase.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>
    /// Ends the names of the values ("model-nll-NAME"), so that there can be several: letters, digits, '-' and '_'. Null (default): nothing
    /// does.
    /// </summary>
    public string? Name { get; init; }

    public override bool NeedsReference => Model is null;

    public override string NameEnd => Name is null ? "" : $"-{Name}";

    public override IReadOnlyList<string>? ValueNames => [$"model-nll{NameEnd}", $"model-perplexity{NameEnd}"];

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in this.CheckName(path)) yield return problem;
        if (Name is not null && MetricInput.NameProblem(Name) is { } bad) yield return new($"{path}.name", bad);
    }

    public override IMetric Build(MetricContext context)
    {
        return new ModelNllMetric(NameEnd, context.Encoder.Tokenizer.StartId, Model is null ? null : context.Model("model-nll", this),
            context.BatchSize);
    }
}
