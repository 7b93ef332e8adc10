using System.Text.Json;

namespace TextGan.Storage;

/// <summary>JSON files that a user named.</summary>
public static class JsonFile
{
    /// <summary>The object that a file consists of.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is something else.</exception>
    public static JsonElement Object(string path)
    {
        try
        {
            var bytes = InputFile.ReadAllUtf8(path).Span;
            var root = JsonElement.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            RequireText(bytes);
            return root.ValueKind == JsonValueKind.Object ? root
                : throw new InvalidInputException(path, $"The file holds {root.ValueKind}; a JSON object is expected.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(path, $"The file is not valid JSON: {Reason(exception)}");
        }
    }

    /// <summary>What the library says of bad JSON. Where it quotes all that follows a fault, the middle is left out.</summary>
    internal static string Reason(Exception bad) =>
        bad.Message is { Length: > 400 } message ? $"{message[..100]}…{message[^250..]}" : bad.Message;

    /// <summary>
    /// Bytes that are not UTF-8 and half surrogate pairs would show as an InvalidOperationException wherever a text is read.
    /// </summary>
    static void RequireText(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String) reader.GetString();
        }
    }
}
