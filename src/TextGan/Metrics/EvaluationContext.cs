namespace TextGan.Metrics;

/// <summary>What is measured at one evaluation.</summary>
/// <param name="Generator">In evaluation mode (dropout off), gradients off.</param>
/// <param name="Texts">Generated texts; of texts with prompts the responses.</param>
/// <param name="Tokens">Their token ids, without end tokens, index-matched with <paramref name="Texts"/>.</param>
public sealed record EvaluationContext(Generator Generator, IReadOnlyList<string> Texts, IReadOnlyList<int[]> Tokens);
