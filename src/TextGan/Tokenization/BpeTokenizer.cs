using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using TextGan.Tokenization.ByteLevel;
using Library = Microsoft.ML.Tokenizers.BpeTokenizer;

namespace TextGan.Tokenization;

/// <summary>
/// Byte-level byte-pair encoding as in GPT-2 (Radford et al. 2019), read from its two files. Every text can be encoded, and
/// decoding gives exactly the text back. An end token that is spelt out in a text is read as ordinary text.
/// </summary>
public sealed class BpeTokenizer : ITokenizer
{
    readonly Library library;
    readonly int endId;
    readonly string?[] tokens;

    /// <summary>Reads the files.</summary>
    /// <param name="vocabularyFile">JSON: an object from token to id.</param>
    /// <param name="mergesFile">Text: two tokens per line, the earlier line merged first.</param>
    /// <param name="endToken">The token of the vocabulary that is start, end and padding.</param>
    /// <exception cref="InvalidInputException">A file is missing or damaged.</exception>
    public BpeTokenizer(string vocabularyFile, string mergesFile, string endToken)
    {
        var vocabulary = ReadVocabulary(vocabularyFile);
        if (!vocabulary.TryGetValue(endToken, out endId))
            throw new InvalidInputException(vocabularyFile,
                $"The vocabulary has no token \"{endToken}\", which the options name as the end token.");
        ByteLevelVocabulary.RequireBytes(vocabulary, vocabularyFile);
        var merges = ReadMerges(mergesFile, vocabulary, endToken);
        try
        {
            library = Library.Create(
                new BpeOptions(vocabulary) { Merges = merges, ByteLevel = true, PreTokenizer = RobertaPreTokenizer.Instance });
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new InvalidInputException(mergesFile, $"The merges do not go together with {vocabularyFile}: {exception.Message}");
        }
        tokens = new string?[vocabulary.Values.Max() + 1];
        foreach (var (token, id) in vocabulary) tokens[id] = token;
    }

    public int VocabularySize => tokens.Length;
    public int StartId => endId;
    public int? EndId => endId;
    public int? UnknownId => null;
    public IReadOnlyList<string>? FittedVocabulary => null;

    public IReadOnlyList<int> Encode(string text)
    {
        var parts = TextCuts.Parts(UnicodeText.WellFormed(text), []);
        return parts.Count == 1 ? library.EncodeToIds(parts[0]) : [.. parts.SelectMany(part => library.EncodeToIds(part))];
    }

    /// <summary>The text of ids. Bytes that are not UTF-8 become U+FFFD; ids that no token has are skipped, as is the end.</summary>
    public string Decode(IReadOnlyList<int> ids)
    {
        foreach (var id in ids) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)tokens.Length);
        return library.Decode(ids.Where(id => id != endId)) ?? "";
    }

    /// <summary>The token as the vocabulary file writes it: each byte as one letter, a blank as Ġ.</summary>
    public string TokenText(int id) => tokens[id] ?? $"<unused {id}>";

    static Dictionary<string, int> ReadVocabulary(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadAllUtf8(file));
            return document.RootElement.ValueKind == JsonValueKind.Object ? ByteLevelVocabulary.Of(document.RootElement, file)
                : throw new InvalidInputException(file, "The file is not a JSON object from token to id.");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(file, $"The file is not valid JSON: {JsonFile.Reason(exception)}");
        }
    }

    static List<string> ReadMerges(string file, Dictionary<string, int> vocabulary, string endToken)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(InputFile.ReadAllUtf8(file).Span);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidInputException(file, "The file is not valid UTF-8.");
        }
        var merges = new List<string>();
        var number = 0;
        foreach (var line in text.Split(["\r\n", "\n", "\r"], StringSplitOptions.None))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal))) continue;
            var parts = line.Split(' ');
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
                throw new InvalidInputException($"{file}:{number}",
                    $"The line \"{line}\" is not a merge; two tokens separated by one blank are expected.");
            foreach (var token in (string[])[parts[0], parts[1], parts[0] + parts[1]])
            {
                if (!vocabulary.ContainsKey(token))
                    throw new InvalidInputException(
                        $"{file}:{number}", $"The merge \"{line}\" needs the token \"{token}\", which the vocabulary does not have.");
            }
            // Otherwise a text could be cut off by spelling the token.
            if (parts[0] + parts[1] == endToken)
                throw new InvalidInputException($"{file}:{number}",
                    $"The merge \"{line}\" makes the end token \"{endToken}\", which ordinary text must not become.");
            merges.Add(line);
        }
        return merges;
    }
}
