using Library = Microsoft.ML.Tokenizers.TiktokenTokenizer;

namespace TextGan.Tokenization;

/// <summary>
/// OpenAI's byte-level encodings. Every text can be encoded, and decoding gives exactly the text back. The end-of-text token is
/// start, end and padding; special tokens that are spelt out in a text are read as ordinary text.
/// </summary>
public sealed class TiktokenTokenizer : ITokenizer
{
    readonly Library library;
    readonly Dictionary<int, string> specials;
    readonly int endId;

    public TiktokenTokenizer(TiktokenEncoding encoding)
    {
        library = Library.CreateForEncoding(encoding switch
        {
            TiktokenEncoding.Cl100kBase => "cl100k_base",
            TiktokenEncoding.O200kBase => "o200k_base",
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "There is no such encoding."),
        });
        specials = library.SpecialTokens!.ToDictionary(entry => entry.Value, entry => entry.Key);
        endId = library.SpecialTokens!["<|endoftext|>"];
        // The special tokens have the highest ids in both encodings; some ids below them are not in use.
        VocabularySize = specials.Keys.Max() + 1;
    }

    public int VocabularySize { get; }
    public int StartId => endId;
    public int? EndId => endId;
    public int? UnknownId => null;
    public IReadOnlyList<string>? FittedVocabulary => null;

    public IReadOnlyList<int> Encode(string text)
    {
        var parts = TextCuts.Parts(UnicodeText.WellFormed(text), specials.Values);
        return parts.Count == 1 ? library.EncodeToIds(parts[0]) : [.. parts.SelectMany(part => library.EncodeToIds(part))];
    }

    /// <summary>The text of ids. Bytes that are not UTF-8 become U+FFFD; special tokens and ids that are not in use are skipped.</summary>
    public string Decode(IReadOnlyList<int> ids)
    {
        foreach (var id in ids) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)VocabularySize);
        return library.Decode(ids.Where(id => !specials.ContainsKey(id))) ?? "";
    }

    public string TokenText(int id) => specials.TryGetValue(id, out var special) ? special
        : Decode([id]) is { Length: > 0 } text ? UnicodeText.Visible(text) : $"<unused {id}>";
}
