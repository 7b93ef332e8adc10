using System.Text.Json;

namespace TextGan.Experiments.Reading;

/// <summary>A JSON value that knows where it was written. It never changes; merging and editing make new trees that share parts.</summary>
public sealed class JsonTree
{
    JsonTree(Origin origin, JsonValueKind kind) => (Origin, Kind) = (origin, kind);

    public Origin Origin { get; }

    /// <summary><see cref="JsonValueKind.Undefined"/> marks a value that was reported already and is skipped.</summary>
    public JsonValueKind Kind { get; }

    /// <summary>The text of a string, or a number as it was written.</summary>
    public string Text { get; private init; } = "";

    /// <summary>The text of a string with its <c>${NAME}</c> and <c>$${</c> as they stand in the file.</summary>
    public string Written { get; private init; } = "";

    public IReadOnlyList<KeyValuePair<string, JsonTree>> Members { get; private init; } = [];

    public IReadOnlyList<JsonTree> Items { get; private init; } = [];

    /// <summary>Whether this is a <c>null</c> that takes a default away; it is welcome where null alone is not.</summary>
    public bool TakesDefaultAway { get; private init; }

    public bool IsObject => Kind == JsonValueKind.Object;

    public static JsonTree OfMembers(Origin origin, IReadOnlyList<KeyValuePair<string, JsonTree>> members) =>
        new(origin, JsonValueKind.Object) { Members = members };

    public static JsonTree OfItems(Origin origin, IReadOnlyList<JsonTree> items) => new(origin, JsonValueKind.Array) { Items = items };

    public static JsonTree OfText(Origin origin, string text, string? written = null) =>
        new(origin, JsonValueKind.String) { Text = text, Written = written ?? text };

    public static JsonTree OfNumber(Origin origin, string text) => new(origin, JsonValueKind.Number) { Text = text };

    /// <summary>true, false, null or undefined.</summary>
    public static JsonTree Literal(Origin origin, JsonValueKind kind) => new(origin, kind);

    public static JsonTree Removal(Origin origin) => new(origin, JsonValueKind.Null) { TakesDefaultAway = true };

    /// <summary>The member of that name, or null.</summary>
    public JsonTree? this[string name] => Members.FirstOrDefault(member => member.Key == name).Value;

    /// <summary>The text of the member of that name where it is a string, else null.</summary>
    public string? TextOf(string name) => this[name] is { Kind: JsonValueKind.String } value ? value.Text : null;

    /// <summary>This object with a member set; a new one comes last.</summary>
    public JsonTree With(string name, JsonTree value) =>
        OfMembers(Origin, [.. new OrderedDictionary<string, JsonTree>(Members) { [name] = value }]);

    public JsonTree Without(params string[] names) => OfMembers(Origin, [.. Members.Where(member => !names.Contains(member.Key))]);

    void Write(Utf8JsonWriter writer, bool asWritten)
    {
        switch (Kind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, value) in Members)
                {
                    writer.WritePropertyName(name);
                    value.Write(writer, asWritten);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in Items) item.Write(writer, asWritten);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String: writer.WriteStringValue(asWritten ? Written : Text); break;
            case JsonValueKind.Number: writer.WriteRawValue(Text); break;
            case JsonValueKind.True or JsonValueKind.False: writer.WriteBooleanValue(Kind == JsonValueKind.True); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <param name="asWritten">With <see cref="Written"/> in the place of <see cref="Text"/>.</param>
    public byte[] ToUtf8(bool asWritten = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Write(writer, asWritten);
        return stream.ToArray();
    }

    /// <summary>
    /// Lays <paramref name="above"/> over <paramref name="below"/>: objects are merged member by member, unless both name a different
    /// <c>kind</c>; lists and single values replace; <c>null</c> takes away what lies below.
    /// </summary>
    public static JsonTree Merge(JsonTree below, JsonTree above)
    {
        if (above.Kind == JsonValueKind.Null) return Removal(above.Origin);
        if (!below.IsObject || !above.IsObject) return above;
        if (below["kind"] is not null && above["kind"] is not null && below.TextOf("kind") != above.TextOf("kind")) return above;
        var members = new OrderedDictionary<string, JsonTree>(below.Members);
        foreach (var (name, value) in above.Members)
            members[name] = members.TryGetValue(name, out var covered) ? Merge(covered, value) : value;
        return OfMembers(above.Origin, [.. members]);
    }
}
