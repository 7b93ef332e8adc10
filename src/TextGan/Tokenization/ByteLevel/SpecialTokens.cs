using System.Text.Json;

namespace TextGan.Tokenization.ByteLevel;

/// <summary>
/// Which tokens begin, end and fill texts, as the files beside a tokenizer.json say: tokenizer_config.json and special_tokens_map.json by
/// their texts, else config.json and generation_config.json by their ids. Of several end tokens the first counts.
/// </summary>
internal static class SpecialTokens
{
    static readonly string[] byText = ["tokenizer_config.json", "special_tokens_map.json"];
    static readonly string[] byId = ["config.json", "generation_config.json"];

    /// <summary>The files that are looked into.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. byText, .. byId];

    /// <summary>The id of a special token; null where no file names one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">"bos", "eos" or "pad".</param>
    /// <param name="idOf">The id of a token's text; null where there is no such token.</param>
    /// <param name="size">V.</param>
    /// <exception cref="InvalidInputException">A file is damaged or names a token that is not there.</exception>
    public static int? Find(string folder, string name, Func<string, int?> idOf, int size)
    {
        foreach (var (file, value) in Values(folder, byText, name + "_token"))
        {
            var content = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var inner) ? inner : value;
            return content.ValueKind == JsonValueKind.String && idOf(content.GetString()!) is { } known ? known
                : throw new InvalidInputException(file, $"'{name}_token' is {value.GetRawText()}; a token of the tokenizer is allowed.");
        }
        foreach (var (file, value) in Values(folder, byId, name + "_token_id"))
        {
            var first = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value[0] : value;
            return first.ValueKind == JsonValueKind.Number && first.TryGetInt32(out var id) && id >= 0 && id < size ? id
                : throw new InvalidInputException(file,
                    $"'{name}_token_id' is {value.GetRawText()}; a whole number from 0 to {size - 1} is allowed.");
        }
        return null;
    }

    /// <summary>The size of the vocabulary in config.json; null where there is none.</summary>
    public static int? VocabularySize(string folder)
    {
        foreach (var (file, value) in Values(folder, byId[..1], "vocab_size"))
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size is > 0 and <= 10_000_000 ? size
                : throw new InvalidInputException(file,
                    $"'vocab_size' is {value.GetRawText()}; a whole number from 1 to 10,000,000 is allowed.");
        return null;
    }

    static IEnumerable<(string File, JsonElement Value)> Values(string folder, IEnumerable<string> names, string key)
    {
        foreach (var file in names.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            if (JsonFile.Object(file).TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null)
                yield return (file, value);
        }
    }
}
