using TextGan.Generators;
using TextGan.Learning.Rewards;

namespace TextGan.Learning.Credit;

/// <summary>What credit is assigned from.</summary>
/// <param name="Generator">The generator, for completions.</param>
/// <param name="Judges">The discriminators.</param>
/// <param name="Tokens">The texts [B,T], ids only.</param>
/// <param name="StartId">The id before the first token.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Scorer">Asks a discriminator for rewards.</param>
/// <param name="PaddingId">What fills a text after its end; null: the end token.</param>
/// <param name="Prompts">What the texts answer, one prompt per text, for completions; null for none.</param>
public sealed record CreditRequest(
    Generator Generator, IReadOnlyList<Judge> Judges, TextBatch Tokens, int StartId, int? EndId, RewardScorer Scorer,
    int? PaddingId = null, PromptBatch? Prompts = null);
