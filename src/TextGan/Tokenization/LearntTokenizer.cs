namespace TextGan.Tokenization;

/// <summary>A tokenizer whose vocabulary was learnt from text. Id 0 is the start, the end and the padding, id 1 what is unknown.</summary>
public abstract class LearntTokenizer : ITokenizer
{
    readonly bool lowercase;

    private protected LearntTokenizer(LearntVocabulary vocabulary, bool lowercase) => (Learnt, this.lowercase) = (vocabulary, lowercase);

    private protected LearntVocabulary Learnt { get; }

    public int VocabularySize => Learnt.Tokens.Count;
    public int StartId => LearntVocabulary.EndId;
    public int? EndId => LearntVocabulary.EndId;
    public int? UnknownId => LearntVocabulary.UnknownId;
    public IReadOnlyList<string> FittedVocabulary => Learnt.Tokens;

    public abstract IReadOnlyList<int> Encode(string text);

    public abstract string Decode(IReadOnlyList<int> ids);

    public abstract string TokenText(int id);

    /// <summary>A text as it is cut into pieces.</summary>
    private protected string Prepare(string text) => Prepare(text, lowercase);

    private protected static string Prepare(string text, bool lowercase)
    {
        text = UnicodeText.WellFormed(text);
        return lowercase ? text.ToLowerInvariant() : text;
    }
}
