namespace TextGan.Tokenization;

/// <summary>What a tokenizer is built from beside its options.</summary>
/// <param name="BaseFolder">Relative paths in the options start here (the folder of the experiment file).</param>
/// <param name="Texts">The training texts of every data set of the experiment, for tokenizers that learn their vocabulary.</param>
/// <param name="FittedVocabulary">A vocabulary learnt earlier, of a stored run; it takes the place of <paramref name="Texts"/>.</param>
public sealed record TokenizerContext(string BaseFolder, IEnumerable<string> Texts, IReadOnlyList<string>? FittedVocabulary = null);
