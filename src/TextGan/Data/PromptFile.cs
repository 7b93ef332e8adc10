using System.Text.Json;

namespace TextGan.Data;

/// <summary>
/// A file of prompts: one per line, or objects with "prompt" (a string, or an array of messages as in preference sets): JSON lines, which
/// are told by the first line, a JSON array in a file that ends in .json, or Parquet. White space is folded as in data sets; empty lines
/// are skipped.
/// </summary>
public static class PromptFile
{
    /// <summary>The prompts and where they stand ("FILE:LINE", of tables "FILE, row 3").</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, has no prompt, or a line is malformed.</exception>
    public static IReadOnlyList<(string Prompt, string Place)> Read(string path)
    {
        bool? isJson = null;
        var files = new LineFiles(path, null, 0, 1, null, MalformedLines.Fail, 1_000_000, false)
        {
            Columns = new([["prompt"]], []),
        };
        using var items = new LineItems<string>(files, [path], line =>
        {
            if (string.IsNullOrWhiteSpace(line)) return ParsedLine<string>.Nothing;
            isJson ??= IsObject(line);
            if (isJson == true) return JsonLine.Parse(line, Prompt);
            return line.Contains('\0') ? ParsedLine<string>.Malformed("The line has a NUL character; a text file is expected.")
                : ParsedLine<string>.Of(PreferenceLineParser.Fold(line));
        });
        var prompts = new List<(string, string)>();
        while (items.TryNext(out var prompt)) prompts.Add((prompt, items.Place));
        items.Notes();
        return prompts;
    }

    static ParsedLine<string> Prompt(JsonElement line)
    {
        var field = PreferenceFields.Read(line, "prompt") ?? throw TableColumns.Missing(line, "no \"prompt\"");
        return field.Folded is { Length: > 0 } prompt ? ParsedLine<string>.Of(prompt)
            : throw new FormatException("The field \"prompt\" is empty.");
    }

    static bool IsObject(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
