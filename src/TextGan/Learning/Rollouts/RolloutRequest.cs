using TextGan.Generators;
using TextGan.Learning.Rewards;

namespace TextGan.Learning.Rollouts;

/// <summary>What an update rule works on in one generator step.</summary>
/// <param name="Generator">In training mode.</param>
/// <param name="Judges">The discriminators, K of them.</param>
/// <param name="Batch">B: texts to make.</param>
/// <param name="Length">T.</param>
/// <param name="StartId">The id before the first token.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Step">Iteration, from 0.</param>
/// <param name="Steps">Iterations in all, for schedules.</param>
/// <param name="NeedsLogits">Whether further terms need the logits [B,T,V] of the batch.</param>
/// <param name="PaddingId">What fills a text after its end; null: the end token.</param>
/// <param name="Prompts">What the texts begin with, one prompt per group of texts (per text without groups); null for nothing.</param>
public sealed record RolloutRequest(
    Generator Generator, IReadOnlyList<Judge> Judges, int Batch, int Length, int StartId, int? EndId, long Step, long Steps,
        bool NeedsLogits,
    int? PaddingId = null, PromptBatch? Prompts = null)
{
    /// <summary>
    /// In how many parts of the batch the generator is read: with more than 1 each part's activations are computed again in the backward
    /// pass, and nobody gets logits.
    /// </summary>
    public int Parts { get; init; } = 1;

    /// <summary>The reference, where the log-probabilities of its texts under it are wanted; else null.</summary>
    public Generator? Reference { get; init; }
}
