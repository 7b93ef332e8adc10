namespace TextGan.Generators.Sampling;

/// <summary>What was drawn from a generator.</summary>
/// <param name="Tokens">Ids [B,T] int64 and their mask; a prompt's tokens come first.</param>
/// <param name="LogProbabilities">[B,T] float: log p of each drawn token under the distribution it was drawn from (after temperature, top-k
/// and top-p); 0 at prompt positions and after the end.</param>
public sealed record Samples(TextBatch Tokens, Tensor LogProbabilities);
