namespace TextGan.Data.Grammar;

/// <summary>What a grammar says of a text.</summary>
/// <param name="LogProbability">Natural logarithm of its probability, summed over all derivations; negative infinity if there are
/// none.</param>
/// <param name="Attributes">Whether the text has each attribute of the grammar, in its order; all false for a text without
/// derivation.</param>
/// <param name="Derivations">The number of derivations, those that differ in nothing to come counted as one.</param>
/// <param name="Unanimous">Whether all derivations agree about all attributes. They are to: a verdict is about the text alone.</param>
public sealed record GrammarJudgement(double LogProbability, IReadOnlyList<bool> Attributes, int Derivations, bool Unanimous)
{
    public bool IsGrammatical => !double.IsNegativeInfinity(LogProbability);
}
