using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using Library = Microsoft.ML.Tokenizers.BpeTokenizer;

namespace TextGan.Tokenization;

/// <summary>
/// Byte-level byte-pair encoding as in GPT-2 (Radford et al. 2019), read from its two files. Every text can be encoded, and
/// decoding gives exactly the text back. An end token that is spelt out in a text is read as ordinary text.
/// </summary>
public sealed class BpeTokenizer : ITokenizer
{
    const int LargestId = 9_999_999;

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
        foreach (var letter in ByteLetters())
        {
            if (!vocabulary.ContainsKey(letter.ToString()))
                throw new InvalidInputException(vocabularyFile,
                    $"The vocabulary has no token \"{letter}\" (U+{(int)letter:X4}); a byte-level vocabulary has one for each of the 256 " +
                    $"bytes.");
        }
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
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokenOf = new Dictionary<int, string>();
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadAllUtf8(file));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new InvalidInputException(file, "The file is not a JSON object from token to id.");
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id is < 0 or > LargestId)
                    throw new InvalidInputException(
                        file, $"The token \"{entry.Name}\" has the id {entry.Value.GetRawText()}; a whole number from 0 to {LargestId} " +
                            $"is expected.");
                if (!vocabulary.TryAdd(entry.Name, id)) throw new InvalidInputException(file, $"The token \"{entry.Name}\" occurs twice.");
                if (!tokenOf.TryAdd(id, entry.Name))
                    throw new InvalidInputException(file, $"The tokens \"{tokenOf[id]}\" and \"{entry.Name}\" have the same id {id}.");
            }
        }
        // An invalid escape of a surrogate shows as InvalidOperationException when the name is read.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(file, $"The file is not valid JSON: {exception.Message}");
        }
        // The largest id decides how large the generator's tables become; published vocabularies leave few ids out.
        if (vocabulary.Count > 0 && vocabulary.MaxBy(entry => entry.Value) is var (last, largest)
            && largest >= 2L * vocabulary.Count + 1000)
            throw new InvalidInputException(file,
                $"The token \"{last}\" has the id {largest}, far above what a vocabulary of {vocabulary.Count:N0} tokens needs.");
        return vocabulary;
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

    /// <summary>GPT-2's letters for the bytes 0 to 255: printable Latin-1 stands for itself, the others follow from U+0100 on.</summary>
    static IEnumerable<char> ByteLetters()
    {
        var next = 256;
        for (var value = 0; value < 256; value++)
            yield return (char)(value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? value : next++);
    }
}
