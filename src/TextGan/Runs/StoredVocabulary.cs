using System.Text.Json;

namespace TextGan.Runs;

/// <summary>The learnt vocabulary of a run, as its folder keeps it: a JSON array of strings.</summary>
public static class StoredVocabulary
{
    /// <summary>Reads the file; whether the entries are words or characters is the tokenizer's concern.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is something else.</exception>
    public static IReadOnlyList<string> Read(string file)
    {
        var bytes = InputFile.ReadAllUtf8(file).Span;
        try
        {
            if (JsonSerializer.Deserialize<string?[]>(bytes) is not { } entries || entries.Any(entry => entry is null))
                throw new JsonException("an entry is null");
            return entries!;
        }
        // An escape of half a surrogate pair shows as InvalidOperationException.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(file, $"is not a JSON array of strings ({error.Message}).");
        }
    }
}
