namespace TextGan.Tokenization;

/// <summary>Text to token ids and back. Special tokens are part of the vocabulary; neither call adds or shows them.</summary>
public interface ITokenizer
{
    /// <summary>V: number of token ids, special ones included.</summary>
    int VocabularySize { get; }

    /// <summary>The id that the generator reads before the first token.</summary>
    int StartId { get; }

    /// <summary>
    /// The id that ends a text, or null where every text has the full length (oracle data).
    /// The same id may serve as start, end and padding, as in GPT-2.
    /// </summary>
    int? EndId { get; }

    /// <summary>
    /// The id that fills a row after its end. It is never counted or shown, and no text is encoded to it unless it is the end. Default: the
    /// end, or the start where texts have no end and fill their rows.
    /// </summary>
    int PaddingId => EndId ?? StartId;

    /// <summary>The id of what the vocabulary does not have, or null where everything can be encoded.</summary>
    int? UnknownId { get; }

    /// <summary>
    /// The id of a special token by its name in the model ("&lt;|im_start|&gt;"), which no ordinary text is encoded to; null for a name
    /// that is not one. Default: no name is.
    /// </summary>
    int? ControlId(string name) => null;

    /// <summary>The ids of a text, without start and end.</summary>
    IReadOnlyList<int> Encode(string text);

    /// <summary>
    /// The text of ids; start, end and padding ids among them are skipped, unless they are ordinary tokens as well (oracle data).
    /// </summary>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>How one token is shown in tables and logs.</summary>
    string TokenText(int id);

    /// <summary>
    /// What was learnt from the data (word or character list, in the order of ids), to be stored with a run, or null where
    /// the tokenizer comes from files alone. Given back through <see cref="TokenizerContext.FittedVocabulary"/> it makes the same
    /// tokenizer.
    /// </summary>
    IReadOnlyList<string>? FittedVocabulary { get; }
}
