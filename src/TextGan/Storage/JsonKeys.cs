using System.Text.Json;

namespace TextGan.Storage;

/// <summary>
/// Reads the keys of a JSON object that another program wrote. What is wrong is collected. A key that nobody asks for, and that is not
/// known to be harmless, is wrong as well: what is ignored here may be what the file's authors rely on.
/// </summary>
/// <param name="json">The object.</param>
/// <param name="file">For messages.</param>
/// <param name="problems">Where problems go.</param>
/// <param name="prefix">The path of the object in the file, with a dot at the end; empty for the file's own object.</param>
sealed class JsonKeys(JsonElement json, string file, List<Problem> problems, string prefix = "")
{
    /// <summary>More than any size of a model; products of two of them are far from any limit.</summary>
    const int LargestSize = 1 << 24;

    readonly HashSet<string> asked = [];

    /// <summary>Whether nothing was wrong with what was asked for.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>The object in a file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is something else.</exception>
    public static JsonKeys Read(string file, List<Problem> problems) => new(JsonFile.Object(file), file, problems);

    /// <summary>A whole number of at least 1, or what is given as the least.</summary>
    public int Size(string key, int? otherwise = null, int least = 1)
    {
        if (Find(key) is not { } value) return otherwise ?? Missing(key, "a whole number", 1);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size >= least && size <= LargestSize) return size;
        return Wrong(key, value, $"a whole number from {least} to {LargestSize:N0} is allowed", 1);
    }

    /// <summary>A finite number above 0.</summary>
    public double Positive(string key, double? otherwise = null)
    {
        if (Find(key) is not { } value) return otherwise ?? Missing(key, "a number", 1);
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < double.PositiveInfinity and var number) return number;
        return Wrong(key, value, "a number above 0 is allowed", 1);
    }

    public bool Flag(string key, bool otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : Wrong(key, value, "true or false is allowed", otherwise);
    }

    /// <summary>One of some texts.</summary>
    public string Choice(string key, string otherwise, params string[] allowed)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && allowed.Contains(text) ? text
            : Wrong(key, value, $"{string.Join(" or ", allowed.Select(one => $"\"{one}\""))} is allowed", otherwise);
    }

    /// <summary>The key may be missing or null, or have this value; everything else is another computation.</summary>
    public void Only(string key, string allowed)
    {
        if (Find(key) is { } value && value.GetRawText() != allowed) Wrong(key, value, $"{allowed} is allowed", 0);
    }

    /// <summary>The keys may have any value.</summary>
    public void Harmless(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) asked.Add(key);
    }

    /// <summary>A value of any type; null where it is missing or null.</summary>
    public JsonElement? Find(string key)
    {
        asked.Add(key);
        return json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>A text.</summary>
    public string Text(string key)
    {
        if (Find(key) is not { } value) return Missing(key, "a text", "");
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : Wrong(key, value, "a text is allowed", "");
    }

    /// <summary>An object without keys in this one's place, for what is missing and was noted.</summary>
    public JsonKeys Empty => new(JsonElement.Parse("{}"), file, []);

    /// <summary>An object; null where it is missing.</summary>
    public JsonKeys? Section(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? new JsonKeys(value, file, problems, $"{prefix}{key}.")
            : Wrong<JsonKeys?>(key, value, "an object is allowed", null);
    }

    /// <summary>The objects of a list; none where it is missing.</summary>
    public IReadOnlyList<JsonKeys> Items(string key)
    {
        if (Find(key) is not { } value) return [];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. value.EnumerateArray().Select((item, index) => new JsonKeys(item, file, problems, $"{prefix}{key}[{index}]."))]
            : Wrong<IReadOnlyList<JsonKeys>>(key, value, "a list of objects is allowed", []);
    }

    /// <summary>What is left must be among the harmless keys, or be null, false or empty.</summary>
    public void RequireNoOther(IReadOnlySet<string>? harmless = null)
    {
        foreach (var (name, value) in json.EnumerateObject().Select(property => (property.Name, property.Value)))
        {
            if (asked.Contains(name) || harmless?.Contains(name) == true || IsNothing(value)) continue;
            Wrong(name, value, "this key is not supported; null, false or no such key is allowed", 0);
        }
    }

    /// <summary>Notes what is wrong with a value that was read.</summary>
    public void Note(string key, string message)
    {
        problems.Add(new(file, $"'{prefix}{key}' {message}"));
        IsSound = false;
    }

    static bool IsNothing(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False
        || (value.ValueKind == JsonValueKind.String && value.GetString() is "")
        || (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any())
        || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    T Missing<T>(string key, string what, T instead)
    {
        Note(key, $"is missing; {what} is needed.");
        return instead;
    }

    T Wrong<T>(string key, JsonElement value, string allowed, T instead)
    {
        var text = value.GetRawText();
        Note(key, $"is {(text.Length <= 60 ? text : text[..57] + "...")}; {allowed}.");
        return instead;
    }
}
