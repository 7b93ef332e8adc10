using TextGan.Learning.Updates;
using TextGan.Generators;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Learning.Credit;

/// <summary>What credit is assigned from.</summary>
/// <param name="Generator">The generator, for completions.</param>
/// <param name="Adversaries">The discriminators.</param>
/// <param name="Tokens">The texts [B,T], ids only.</param>
/// <param name="StartId">The id before the first token.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Scale">What a judgement becomes as a reward.</param>
/// <param name="PaddingId">What fills a text after its end; null: the end token.</param>
/// <param name="Prompts">What the texts answer, for completions; null for none.</param>
public sealed record CreditRequest(
    Generator Generator, IReadOnlyList<Adversary> Adversaries, TokenBatch Tokens, int StartId, int? EndId, RewardScale Scale,
    int? PaddingId = null, PromptBatch? Prompts = null)
{
    /// <summary>The reward of each whole text, [B], on the generator's device.</summary>
    /// <param name="adversary">Who judges.</param>
    /// <param name="texts">B texts on the adversary's device.</param>
    public Tensor SequenceReward(Adversary adversary, TokenBatch texts) =>
        (Scale == RewardScale.NegativeLoss ? -adversary.GeneratorLoss(texts) : Reward(adversary.Judge(texts).SequenceLogits())).to(Tokens.Device);

    /// <summary>The reward of each of a text's S logits by itself, [B,S], on the generator's device; any number where a logit does not count.</summary>
    /// <inheritdoc cref="SequenceReward"/>
    public Tensor LogitRewards(Adversary adversary, TokenBatch texts) =>
        (Scale == RewardScale.NegativeLoss ? -adversary.GeneratorLosses(texts) : Reward(adversary.Judge(texts).Logits)).to(Tokens.Device);

    /// <summary>Logits of any shape → rewards of the same shape.</summary>
    Tensor Reward(Tensor logits) => Scale switch
    {
        RewardScale.Logit => logits.alias(),
        RewardScale.Probability => logits.sigmoid(),
        RewardScale.SignedProbability => Held(2) * logits.sigmoid() - Held(1),
        RewardScale.LogProbability => nn.functional.logsigmoid(logits),
        _ => throw new InvalidOperationException($"There is no reward scale {Scale}."),
    };
}
