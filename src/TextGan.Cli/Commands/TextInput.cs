using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Texts that a command is given: one per line, or JSON lines with "text" and, optionally, "prompt".</summary>
public static class TextInput
{
    /// <summary>What stands for the command's input.</summary>
    public const string Standard = "-";

    const int LongestLine = 1 << 24;

    /// <summary>Each text, its prompt, and what messages call it ("FILE:LINE").</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or a line is malformed.</exception>
    public static IEnumerable<(string Text, string? Prompt, string Place)> Read(string file, bool isJson = false)
    {
        using var stream = InputFile.Open(file);
        foreach (var text in Read(stream, file, isJson || IsJson(file))) yield return text;
    }

    /// <summary>Whether a file of this name has JSON lines.</summary>
    public static bool IsJson(string file) => file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same of an open stream that messages call <paramref name="name"/>.</summary>
    public static IEnumerable<(string Text, string? Prompt, string Place)> Read(Stream stream, string name, bool isJson)
    {
        var reader = new StrictLineReader(stream, LongestLine);
        while (reader.TryRead(out var line))
        {
            var place = $"{name}:{line.Number}";
            var text = line.Text ?? throw new InvalidInputException(place, line.Fault ?? "cannot be read.");
            yield return isJson ? Parse(text, place) : (text, null, place);
        }
    }

    static (string, string?, string) Parse(string line, string place)
    {
        try
        {
            var members = JsonNode.Parse(line) as JsonObject ?? throw new JsonException("it is not an object");
            return (Member("text") ?? throw new JsonException("it has no 'text'"), Member("prompt"), place);

            string? Member(string name) => members[name] is not { } value ? null
                : value is JsonValue text && text.TryGetValue<string>(out var found) ? found
                    : throw new JsonException($"'{name}' is not a string");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidInputException(place,
                $"The line is not a JSON object with 'text' and, optionally, 'prompt': {damaged.Message.TrimEnd('.')}.");
        }
    }
}
