using TextGan.Generators;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Credit;

/// <summary>
/// The KL to the reference as a reward of tokens (Ziegler et al., 1909.08593, equation 2): r_t = -(log p(x_t) - log ref(x_t)), and R_t =
/// Σ_{s≥t} γ^(s-t) r_s, so that E[Σ_t R_t ∇log p(x_t)] = -∇KL of whole texts for γ = 1. The exact form replaces each r_s, s &gt; t, by its
/// expectation at the prefix, minus the divergence over the vocabulary.
/// </summary>
/// <param name="estimator">Which of the two.</param>
/// <param name="discount">γ: that of the credit.</param>
public sealed class KlReward(KlRewardEstimator estimator, double discount = 1)
{
    /// <summary>Whether the generator's logits are needed.</summary>
    public bool NeedsLogits => estimator == KlRewardEstimator.Exact;

    /// <summary>The credit of a batch, without a gradient; nothing outside the response.</summary>
    /// <param name="request">With the reference.</param>
    /// <param name="texts">B texts.</param>
    /// <param name="own">The generator's reading of them.</param>
    /// <param name="reference">[B,T]: log p of each token under the reference.</param>
    public TokenCredit Of(RolloutRequest request, TextBatch texts, GeneratorPass own, Tensor reference)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var drawn = (reference - own.LogProbabilities) * texts.Response; // [B,T]: -k1
        var rewards = drawn;
        if (NeedsLogits)
        {
            rewards = -Recomputed.ByRows(request.Parts, texts.Ids, ids =>
            {
                var inputs = TeacherForcing.Inputs(ids, request.StartId); // [b,T]
                var logits = own.Logits ?? request.Generator.forward(inputs); // [b,T,V]; there are none of parts
                return Divergence.Exact(logits, request.Reference!.forward(inputs));
            }, []) * texts.Response;
        }
        var returns = DiscountedSum.FromEachStep(rewards, discount);
        if (NeedsLogits) returns = returns.Plus(drawn - rewards); // of the token itself, what was drawn
        returns = returns * texts.Response; // prompts have none
        return new TokenCredit(returns.MoveToOuterDisposeScope(), rewards.sum(1).MoveToOuterDisposeScope(), texts.Response) {
            Discount = discount };
    }
}
