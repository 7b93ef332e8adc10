using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A convolutional network over the text, with one highway layer (SeqGAN 1609.05473). SeqGAN's own sizes are "embedding": 64,
/// "widths": [1,2,3,4,5,6,7,8,9,10,15,20], "filters": [100,200,200,200,200,100,100,100,100,100,160,160]; RelGAN's are
/// "embedding": 64, "representations": 64, "widths": [2,3,4,5], "filters": [300], "fullyConnected": 100, "gateBias": 0 (its
/// discriminator of several representations). Positions after the end of a text are read as ordinary end tokens.
/// </summary>
public sealed record CnnDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Width of a token's embedding. Default 64.</summary>
    [Range(1, 65_536)]
    public int Embedding { get; init; } = 64;

    /// <summary>Standard deviation of the initial embeddings. Default 1.</summary>
    [Range(1e-6, 100.0)]
    public double EmbeddingDeviation { get; init; } = 1;

    /// <summary>Tokens that each convolution sees at once; none may exceed the experiment's 'length'. Default [2, 3, 4, 5].</summary>
    public IReadOnlyList<int> Widths { get; init; } = [2, 3, 4, 5];

    /// <summary>Filters of each convolution: one number for each width, or a single number for all. Default [64].</summary>
    public IReadOnlyList<int> Filters { get; init; } = [64];

    /// <summary>
    /// The embedding is read as this many narrower ones by the same network, each with a logit of its own (RelGAN reads 64); must divide
    /// 'embedding'. A loss compares the logits of two texts one by one; the score of a text is their mean. Default 1.
    /// </summary>
    [Range(1, 65_536)]
    public int Representations { get; init; } = 1;

    /// <summary>Outputs of a linear layer between the highway layer and the logit (RelGAN has 100); null (default): none.</summary>
    [Range(1, 65_536)]
    public int? FullyConnected { get; init; }

    /// <summary>
    /// Initial bias of the highway layer's gate: the lower, the more of the features passes unchanged at first. Default -2 (1505.00387,
    /// section 2.2); SeqGAN's program and RelGAN have 0.
    /// </summary>
    [Range(-100.0, 100.0)]
    public double GateBias { get; init; } = -2;

    /// <summary>Share of features that is left out at random while it learns. Default 0.25.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; } = 0.25;

    public override bool? HasStepLogits => false;

    public override bool HasFeatures => true;

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in base.Validate(path)) yield return problem;
        if (Widths.Count == 0) yield return new Problem($"{path}.widths", "is empty; at least one width is needed.");
        for (var i = 0; i < Widths.Count; i++)
            if (Widths[i] < 1) yield return new Problem($"{path}.widths[{i}]", $"is {Widths[i]}; a width is at least 1.");
        for (var i = 0; i < Filters.Count; i++)
            if (Filters[i] < 1) yield return new Problem($"{path}.filters[{i}]", $"is {Filters[i]}; a convolution has at least 1 filter.");
        if (Filters.Count != 1 && Filters.Count != Widths.Count)
            yield return new Problem($"{path}.filters",
                $"has {Amount.Of(Filters.Count, "number")} for {Amount.Of(Widths.Count, "width")}; give one number for each width, or a " +
                $"single one for all.");
        if (Representations > 0 && Embedding % Representations != 0)
            yield return new Problem($"{path}.representations", $"is {Representations}, which does not divide 'embedding' {Embedding}.");
    }

    public override IEnumerable<Problem> CheckLength(string path, int length)
    {
        if (Widths.Count > 0 && Widths.Max() > length)
            yield return new Problem($"{path}.widths",
                $"holds {Widths.Max()}, which is wider than a text: the experiment's 'length' is {length}, and no width may exceed it.");
    }

    public override Discriminator Build(DiscriminatorContext context)
    {
        Problem[] problems = [.. CheckLength($"$.discriminators[{Name}]", context.Length)];
        if (problems.Length > 0) throw new InvalidInputException(problems);
        return new CnnDiscriminator(context.VocabularySize, Embedding, Widths, Filters, Representations, Dropout, EmbeddingDeviation,
            FullyConnected, GateBias).to(context.Device);
    }
}
