using TextGan.Generators.Sampling;

namespace TextGan.Learning.Rollouts;

/// <summary>The stage "collect": the generator writes a batch of texts, without a graph.</summary>
/// <param name="sampling">How tokens are drawn. Any other than the model's own distribution makes a policy gradient biased.</param>
/// <param name="groupSize">G: that many texts in a row are answers to one prompt or, without prompts, are simply compared with one another;
/// null: no groups.</param>
public sealed class RolloutCollector(SamplingOptions sampling, int? groupSize)
{
    public int? GroupSize => groupSize;

    public TextBatch Collect(RolloutRequest request)
    {
        return Sampler.Sample(
            request.Generator, sampling, request.Batch, request.Length, request.StartId, request.EndId, PromptsOf(request),
                request.PaddingId).Tokens;
    }

    /// <summary>One prompt per text; null for none.</summary>
    public PromptBatch? PromptsOf(RolloutRequest request) => groupSize is { } size ? request.Prompts?.Repeat(size) : request.Prompts;
}
