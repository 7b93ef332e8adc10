using System.Text.Json;

namespace TextGan.Data;

/// <summary>Reads a line that is a JSON object. What is wrong with it makes the line malformed.</summary>
internal static class JsonLine
{
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <param name="line">The line; an empty one is nothing.</param>
    /// <param name="read">What the object gives; throws <see cref="FormatException"/> with a sentence for the user.</param>
    public static ParsedLine<T> Parse<T>(string line, Func<JsonElement, ParsedLine<T>> read) where T : class
    {
        if (string.IsNullOrWhiteSpace(line)) return ParsedLine<T>.Nothing;
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new FormatException($"The line is {PreferenceFields.Describe(root)} where a JSON object is expected.");
            return read(root);
        }
        catch (FormatException fault)
        {
            return ParsedLine<T>.Malformed(fault.Message);
        }
        catch (JsonException exception)
        {
            return ParsedLine<T>.Malformed($"The line is not valid JSON: {Reason(exception)}");
        }
        catch (InvalidOperationException)
        {
            // How the library tells of the name of a field that is no Unicode.
            return ParsedLine<T>.Malformed(
                "The line is not valid JSON: the name of a field has half of a surrogate pair (\\uD800 to \\uDFFF).");
        }
    }

    /// <summary>The library's sentence without its tail of path and position, which count within the line only.</summary>
    public static string Reason(JsonException exception)
    {
        var message = JsonFile.Reason(exception);
        var tail = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (tail >= 0) message = message[..tail];
        return exception.BytePositionInLine is { } position ? $"{message} (at byte {position + 1:N0})" : message;
    }
}
