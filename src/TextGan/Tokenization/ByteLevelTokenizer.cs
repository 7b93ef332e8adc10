using System.Text;
using Microsoft.ML.Tokenizers;
using TextGan.Tokenization.ByteLevel;
using Library = Microsoft.ML.Tokenizers.BpeTokenizer;

namespace TextGan.Tokenization;

/// <summary>
/// A byte-level BPE from a tokenizer.json of Hugging Face (GPT-2's, Llama 3's and relatives), with the ids that Hugging Face's own
/// library gives. Every text can be encoded and comes back exactly, but for a blank that the file may put before it.
/// </summary>
public sealed class ByteLevelTokenizer : ITokenizer
{
    readonly Library library;
    readonly PieceSplitter splitter;
    readonly AddedTokens added;
    readonly Dictionary<string, int> specials;
    readonly Dictionary<string, int>? wholePieces; // null where merges decide
    readonly string?[] tokens;
    readonly byte[]?[] bytes; // null for special tokens and ids without a token

    /// <summary>Reads a tokenizer.json and, for special tokens and size, the files beside it.</summary>
    /// <exception cref="InvalidInputException">A file is missing or damaged, or asks for what is not supported.</exception>
    public ByteLevelTokenizer(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var file = TokenizerFile.Read(path);
        splitter = file.Splitter;
        var largest = Math.Max(file.Vocabulary.Values.Max(), file.Added.Select(token => token.Id).DefaultIfEmpty().Max());
        VocabularySize = SpecialTokens.VocabularySize(folder) ?? largest + 1;
        if (largest >= VocabularySize)
            throw new InvalidInputException(path,
                $"There is a token with the id {largest}; the model's vocabulary ('vocab_size' in config.json) has {VocabularySize}.");
        tokens = new string?[VocabularySize];
        bytes = new byte[]?[VocabularySize];
        foreach (var (token, id) in file.Vocabulary) (tokens[id], bytes[id]) = (token, BytesOf(token));
        foreach (var token in file.Added) (tokens[token.Id], bytes[token.Id]) = (token.Content, Encoding.UTF8.GetBytes(token.Content));

        EndId = Special("eos") ?? throw new InvalidInputException(folder,
            $"No end token is named ('eos_token' or 'eos_token_id' in {string.Join(", ", SpecialTokens.Files)}), which texts need.");
        StartId = Special("bos") ?? EndId.Value;
        PaddingId = Special("pad") ?? EndId.Value;
        int[] special = [.. file.Added.Where(token => token.IsSpecial).Select(token => token.Id), StartId, EndId.Value, PaddingId];
        specials = special.Distinct().Where(id => tokens[id] is not null).ToDictionary(id => tokens[id]!, StringComparer.Ordinal);
        foreach (var id in special) bytes[id] = null;
        added = new AddedTokens([.. file.Added.Where(token => !specials.ContainsKey(token.Content))]);
        var words = file.Vocabulary.Where(token => !specials.ContainsKey(token.Key)).ToDictionary(StringComparer.Ordinal);
        if (file.IgnoresMerges) wholePieces = words;
        try
        {
            library = Library.Create(new BpeOptions(words) { Merges = file.Merges, ByteLevel = true });
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new InvalidInputException(path, $"Vocabulary and merges do not go together: {exception.Message}");
        }

        int? Special(string name) => SpecialTokens.Find(folder, name,
            text => Array.IndexOf(tokens, text) is >= 0 and var id ? id : null, VocabularySize);
    }

    public int VocabularySize { get; }
    public int StartId { get; }
    public int? EndId { get; }
    public int PaddingId { get; }
    public int? UnknownId => null;
    public IReadOnlyList<string>? FittedVocabulary => null;

    /// <summary>The ids of a text. Special tokens that are spelt out in it are ordinary text; other added tokens are found.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>();
        foreach (var (part, id) in added.Cut(UnicodeText.WellFormed(text)))
        {
            if (id is { } known) ids.Add(known);
            else foreach (var piece in splitter.Split(part)) Add(piece, ids);
        }
        return ids;
    }

    /// <summary>The id of a special token; null for a name that is not one.</summary>
    public int? ControlId(string name) => specials.TryGetValue(name, out var id) ? id : null;

    /// <summary>The text of ids. Bytes that are not UTF-8 become U+FFFD; special tokens and ids without a token are skipped.</summary>
    public string Decode(IReadOnlyList<int> ids)
    {
        var text = new List<byte>();
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)VocabularySize);
            if (bytes[id] is { } known) text.AddRange(known);
        }
        return Encoding.UTF8.GetString([.. text]);
    }

    /// <summary>The token as the file writes it: each byte as one letter, a blank as Ġ.</summary>
    public string TokenText(int id) => tokens[id] ?? $"<unused {id}>";

    void Add(string piece, List<int> ids)
    {
        if (wholePieces is not null && wholePieces.TryGetValue(LettersOf(piece), out var id)) ids.Add(id);
        else foreach (var part in TextCuts.Parts(piece, [])) ids.AddRange(library.EncodeToIds(part, considerPreTokenization: false));
    }

    static string LettersOf(string piece) =>
        string.Concat(Encoding.UTF8.GetBytes(piece).Select(value => ByteLevelVocabulary.Letters[value]));

    /// <summary>A token that is not made of letters of bytes stands for itself.</summary>
    static byte[] BytesOf(string token) => token.All(ByteLevelVocabulary.Bytes.ContainsKey)
        ? [.. token.Select(letter => ByteLevelVocabulary.Bytes[letter])] : Encoding.UTF8.GetBytes(token);
}
