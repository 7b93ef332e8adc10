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
            var root = JsonElement.Parse(InputFile.ReadAllUtf8(path).Span, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return root.ValueKind == JsonValueKind.Object ? root
                : throw new InvalidInputException(path, $"The file holds {root.ValueKind}; a JSON object is expected.");
        }
        // An invalid escape of a surrogate shows as InvalidOperationException.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(path, $"The file is not valid JSON: {exception.Message}");
        }
    }
}
