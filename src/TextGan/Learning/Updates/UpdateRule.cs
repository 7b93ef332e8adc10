using TextGan.Generators.Sampling;
using TextGan.Learning.Rollouts;
using TextGan.Storage;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Learning.Updates;

/// <summary>
/// Carries the discriminators' judgement of discrete tokens to the generator's parameters. It makes one batch and one term
/// per discriminator; how the terms are weighed is not its concern.
/// </summary>
public abstract class UpdateRule : IStateful, IDisposable
{
    /// <summary>Makes a batch and one term per discriminator. The tensors belong to the caller's dispose scope.</summary>
    public abstract Estimate Estimate(RolloutRequest request);

    /// <summary>
    /// Texts for the discriminators to learn from, as the generator would show them: ids, unless the estimator shows relaxed
    /// tokens. No gradient.
    /// </summary>
    public virtual TokenBatch Generate(RolloutRequest request) =>
        Sampler.Sample(
            request.Generator, ModelDistribution, request.Batch, request.Length, request.StartId, request.EndId, request.Prompts, request.PaddingId).Tokens;

    public virtual void Save(StateBag bag) { }

    public virtual void Load(StateBag bag) { }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }

    /// <summary>The model's own distribution: temperature 1, no truncation. Any other would make the estimate biased.</summary>
    protected static SamplingOptions ModelDistribution { get; } = new();
}
