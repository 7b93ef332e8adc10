using System.Text.Json;
using TextGan.Problems;

namespace TextGan.Reporting.Documents;

/// <summary>An object in a block's JSON, whose keys are read by name; <see cref="End"/> rejects the others.</summary>
/// <param name="Json">The object.</param>
/// <param name="Place">"FILE:LINE" of the block.</param>
/// <param name="Path">Where the object stands in the block's JSON: "$.columns[1]".</param>
sealed record BlockJson(JsonElement Json, string Place, string Path)
{
    readonly List<string> known = [];

    /// <summary>A value that must be an object.</summary>
    /// <exception cref="InvalidInputException">The value is not an object.</exception>
    public static BlockJson Of(JsonElement json, string place, string path) => json.ValueKind == JsonValueKind.Object
        ? new(json, place, path) : throw Wrong(place, path, json, "an object");

    /// <summary>Whether it has this key.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value of a key; null if the key is missing.</summary>
    public JsonElement? Find(string key)
    {
        known.Add(key);
        return Json.TryGetProperty(key, out var value) ? value : null;
    }

    /// <summary>A text that is not empty; null if the key is missing.</summary>
    public string? Text(string key) => Find(key) is not { } value ? null
        : value is { ValueKind: JsonValueKind.String } && value.GetString() is { Length: > 0 } text ? text
        : throw Wrong(value, key, "a text");

    /// <exception cref="InvalidInputException">The key is missing, or its value is not a text.</exception>
    public string RequiredText(string key) => Text(key) ?? throw Bad($"'{key}' is missing.");

    /// <summary>A finite number; null if the key is missing.</summary>
    public double? Number(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble()
        : throw Wrong(value, key, "a number");

    /// <summary>A whole number from 0; null if the key is missing.</summary>
    public int? Whole(string key, int most) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= most ? number
        : throw Wrong(value, key, $"a whole number from 0 to {most}");

    /// <summary>true or false; null if the key is missing.</summary>
    public bool? Flag(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(value, key, "true or false");

    /// <summary>One of some words; null if the key is missing.</summary>
    public string? Choice(string key, params string[] words) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String && words.Contains(value.GetString()) ? value.GetString()
        : throw Wrong(value, key, List(words));

    /// <summary>The items of a list, or a single value, each with its path; empty if the key is missing.</summary>
    public IReadOnlyList<(JsonElement Value, string Path)> Items(string key) => Find(key) is not { } value ? []
        : value.ValueKind != JsonValueKind.Array ? [(value, $"{Path}.{key}")]
        : value.GetArrayLength() == 0 ? throw Wrong(value, key, "at least one item")
        : [.. value.EnumerateArray().Select((item, i) => (item, $"{Path}.{key}[{i}]"))];

    /// <summary>Rejects keys that were not asked for until now.</summary>
    /// <exception cref="InvalidInputException">The object has such a key.</exception>
    public void End()
    {
        var other = Json.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !known.Contains(name));
        if (other is not null) throw Bad($"the key '{other}' is unknown; allowed are {List([.. known.Distinct()])}.");
    }

    /// <summary>The problem of the object, or of one of its keys.</summary>
    public InvalidInputException Bad(string message, string? key = null) =>
        new($"{Place}: {Path}{(key is null ? "" : $".{key}")}", message);

    InvalidInputException Wrong(JsonElement value, string key, string allowed) => Wrong(Place, $"{Path}.{key}", value, allowed);

    /// <summary>The problem of a value that is not what is allowed there.</summary>
    public static InvalidInputException Wrong(string place, string path, JsonElement value, string allowed)
    {
        var found = value.GetRawText().ReplaceLineEndings(" ");
        return new($"{place}: {path}", $"{Label.Elide(found, 60)} is given; allowed is {allowed}.");
    }

    /// <summary>'a', 'b', 'c'.</summary>
    public static string List(IReadOnlyList<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
