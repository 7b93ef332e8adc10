using System.Text.Json;

namespace TextGan.Tokenization.ByteLevel;

/// <summary>The vocabulary of a byte-level encoding: each token is written with one letter for each of its bytes.</summary>
internal static class ByteLevelVocabulary
{
    const int LargestId = 9_999_999;

    /// <summary>
    /// GPT-2's letters for the bytes 0 to 255: printable Latin-1 stands for itself, the others follow from U+0100 on.
    /// </summary>
    public static IReadOnlyList<char> Letters { get; } = [.. LettersOfBytes()];

    /// <summary>The byte that a letter stands for.</summary>
    public static IReadOnlyDictionary<char, byte> Bytes { get; } = Letters.Index().ToDictionary(one => one.Item, one => (byte)one.Index);

    /// <summary>Reads an object from token to id.</summary>
    /// <exception cref="InvalidInputException">It is something else.</exception>
    public static Dictionary<string, int> Of(JsonElement json, string file)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokenOf = new Dictionary<int, string>();
        try
        {
            foreach (var entry in json.EnumerateObject())
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
        // An invalid escape of a surrogate shows when the name is read.
        catch (InvalidOperationException exception)
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

    /// <exception cref="InvalidInputException">Some byte has no token.</exception>
    public static void RequireBytes(IReadOnlyDictionary<string, int> vocabulary, string file)
    {
        foreach (var letter in Letters)
        {
            if (!vocabulary.ContainsKey(letter.ToString()))
                throw new InvalidInputException(file,
                    $"The vocabulary has no token \"{letter}\" (U+{(int)letter:X4}); a byte-level vocabulary has one for each of the 256 " +
                    $"bytes.");
        }
    }

    static IEnumerable<char> LettersOfBytes()
    {
        var next = 256;
        for (var value = 0; value < 256; value++)
            yield return (char)(value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? value : next++);
    }
}
