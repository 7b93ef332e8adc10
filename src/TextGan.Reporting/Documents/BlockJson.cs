using System.Text.Json;
using TextGan.Problems;

namespace TextGan.Reporting.Documents;

/// <summary>An object in a block's JSON. Every key is read by its name; one that nobody asks for is rejected.</summary>
/// <param name="Json">The object.</param>
/// <param name="Place">"FILE:LINE" of the block.</param>
/// <param name="Path">Where the object stands in the block's JSON: "$.columns[1]".</param>
sealed record BlockJson(JsonElement Json, string Place, string Path)
{
    readonly List<string> known = [];

    /// <summary>The object in the place of a value.</summary>
    /// <exception cref="InvalidInputException">It is something else.</exception>
    public static BlockJson Of(JsonElement json, string place, string path) => json.ValueKind == JsonValueKind.Object
        ? new(json, place, path) : throw Wrong(place, path, json, "an object");

    /// <summary>Whether one of its keys is this.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A value; null if there is none.</summary>
    public JsonElement? Find(string key)
    {
        known.Add(key);
        return Json.TryGetProperty(key, out var value) ? value : null;
    }

    public string? Text(string key) => Find(key) is not { } value ? null
        : value is { ValueKind: JsonValueKind.String } && value.GetString() is { Length: > 0 } text ? text
        : throw Wrong(value, key, "a text");

    public string RequiredText(string key) => Text(key) ?? throw Bad($"'{key}' is missing.");

    public double? Number(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble()
        : throw Wrong(value, key, "a number");

    public int? Whole(string key, int most) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= most ? number
        : throw Wrong(value, key, $"a whole number from 0 to {most}");

    public bool? Flag(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(value, key, "true or false");

    /// <summary>One of some words; null if there is none.</summary>
    public string? Choice(string key, params string[] words) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String && words.Contains(value.GetString()) ? value.GetString()
        : throw Wrong(value, key, List(words));

    /// <summary>The items of a list, or the one value that stands in its place, each with its path; none if there is no such key.</summary>
    public IReadOnlyList<(JsonElement Value, string Path)> Items(string key) => Find(key) is not { } value ? []
        : value.ValueKind != JsonValueKind.Array ? [(value, $"{Path}.{key}")]
        : value.GetArrayLength() == 0 ? throw Wrong(value, key, "at least one item")
        : [.. value.EnumerateArray().Select((item, i) => (item, $"{Path}.{key}[{i}]"))];

    /// <exception cref="InvalidInputException">There are keys that nobody asked for.</exception>
    public void End()
    {
        var other = Json.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !known.Contains(name));
        if (other is not null) throw Bad($"the key '{other}' is unknown; allowed are {List([.. known.Distinct()])}.");
    }

    public InvalidInputException Bad(string message, string? key = null) =>
        new($"{Place}: {Path}{(key is null ? "" : $".{key}")}", message);

    InvalidInputException Wrong(JsonElement value, string key, string allowed) => Wrong(Place, $"{Path}.{key}", value, allowed);

    /// <summary>What is thrown for a value of another kind than is allowed.</summary>
    public static InvalidInputException Wrong(string place, string path, JsonElement value, string allowed)
    {
        var found = value.GetRawText().ReplaceLineEndings(" ");
        return new($"{place}: {path}", $"{Label.Elide(found, 60)} is given; allowed is {allowed}.");
    }

    /// <summary>'a', 'b', 'c'.</summary>
    public static string List(IReadOnlyList<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
