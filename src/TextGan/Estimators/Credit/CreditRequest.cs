using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Objectives;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Estimators.Credit;

/// <summary>What credit is assigned from.</summary>
/// <param name="Generator">The generator, for completions.</param>
/// <param name="Adversaries">The discriminators.</param>
/// <param name="Tokens">The texts [B,T], ids only.</param>
/// <param name="StartId">The id before the first token.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Scale">What a logit becomes as a reward.</param>
public sealed record CreditRequest(
    Generator Generator, IReadOnlyList<Adversary> Adversaries, TokenBatch Tokens, int StartId, int? EndId, RewardScale Scale)
{
    /// <summary>Logits of any shape → rewards of the same shape.</summary>
    public Tensor Reward(Tensor logits) => Scale switch
    {
        RewardScale.Logit => logits.alias(),
        RewardScale.Probability => logits.sigmoid(),
        RewardScale.SignedProbability => 2 * logits.sigmoid() - 1,
        RewardScale.LogProbability => nn.functional.logsigmoid(logits),
        _ => throw new InvalidOperationException($"There is no reward scale {Scale}."),
    };

    /// <summary>The reward of each whole text, [B], on the generator's device.</summary>
    public Tensor SequenceReward(DiscriminatorOutput output) => Reward(output.SequenceLogits()).to(Tokens.Device);
}
