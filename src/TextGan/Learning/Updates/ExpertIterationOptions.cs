using TextGan.Generators.Search;

namespace TextGan.Learning.Updates;

/// <summary>
/// Expert iteration (Anthony et al., 1705.08439): a search finds better texts than the generator draws, and the generator is trained by
/// maximum likelihood on them, so that the next search starts from a better generator. With "best-of-n" it is rejection sampling
/// fine-tuning (RAFT, 2304.06767), with n = 1 and "keep" below 1 one step of ReST (2308.08998). Texts are compared by the sum of the
/// discriminators' logits, each times its weight. A value of beginnings learns from all texts that were judged on the way.
/// </summary>
public sealed record ExpertIterationOptions : EstimatorOptions
{
    /// <summary>How "training.batch" texts are found in each step. Default: the best of 8.</summary>
    public SearchOptions Search { get; init; } = new BestOfNOptions();

    /// <summary>The share of the found texts that are learnt, those with the highest rewards. Default 1.</summary>
    [Range(1e-6, 1.0)]
    public double Keep { get; init; } = 1;

    /// <summary>Updates from each batch of found texts. Default 1.</summary>
    [Range(1, 1000)]
    public int Epochs { get; init; } = 1;

    /// <summary>The learnt value of beginnings, which "guided", "tree" and "beam" may ask for.</summary>
    public ValueOptions Value { get; init; } = new();

    /// <inheritdoc />
    public override bool NeedsRelaxedTokens => false;

    public override bool LearnsFromLosses => false;

    /// <inheritdoc />
    public override bool ShowsPlainSamples => true;

    public override UpdateRule Build(EstimatorContext context) => new ExpertIterationUpdate(
        Search.BuildChecked(new BuildContext()), Keep, Epochs, Value, context.HiddenSize, context.Device, context.Weights);
}
