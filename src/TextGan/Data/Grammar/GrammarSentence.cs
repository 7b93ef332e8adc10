namespace TextGan.Data.Grammar;

/// <summary>A sentence that was drawn from a grammar.</summary>
/// <param name="Text">Lower-case words and punctuation with single blanks between them.</param>
/// <param name="Features">The features that its derivation bound, packed as <see cref="FeatureTable"/> says.</param>
/// <param name="DerivationLogProbability">
/// Natural logarithm of the probability of this one derivation: a lower bound of the text's, which may have several.
/// </param>
public sealed record GrammarSentence(string Text, UInt128 Features, double DerivationLogProbability);
