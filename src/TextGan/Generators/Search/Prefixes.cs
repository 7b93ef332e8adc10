namespace TextGan.Generators.Search;

/// <summary>Beginnings of texts, and the generator's state after each.</summary>
/// <param name="Ids">[N,T] int64; what stands behind a beginning is no part of it.</param>
/// <param name="Lengths">[N] int64: tokens of each beginning.</param>
/// <param name="Hidden">[N,H]: the state that the next token is drawn from.</param>
public sealed record Prefixes(Tensor Ids, Tensor Lengths, Tensor Hidden);

/// <summary>What texts with these beginnings are worth, [N]: an estimate of their reward. Computed without a gradient.</summary>
public delegate Tensor PrefixValue(Prefixes prefixes);
