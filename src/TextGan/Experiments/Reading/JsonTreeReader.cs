using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace TextGan.Experiments.Reading;

/// <summary>Parses JSON with comments and trailing commas into a tree that knows its lines; duplicate keys are found here.</summary>
public sealed class JsonTreeReader
{
    /// <summary>Objects and lists within one another.</summary>
    public const int MaximumDepth = 64;

    /// <summary>Values in one document; keeps a small file of endless lists from taking the memory.</summary>
    const int MaximumValues = 1_000_000;

    readonly byte[] json;
    readonly Origin root;
    readonly Findings findings;
    readonly List<int> lineStarts = [0];
    int values;

    JsonTreeReader(byte[] json, Origin root, Findings findings)
    {
        (this.json, this.root, this.findings) = (json, root, findings);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == (byte)'\n') lineStarts.Add(i + 1);
        }
    }

    /// <summary>
    /// The tree of <paramref name="json"/>, or null where its syntax is broken; what is wrong stands in <paramref name="findings"/>.
    /// </summary>
    public static JsonTree? Read(ReadOnlySpan<byte> json, Origin root, Findings findings)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        return new JsonTreeReader(json.ToArray(), root, findings).Read();
    }

    JsonTree? Read()
    {
        if (ForeignForm.Of(json) is { } form)
        {
            findings.Add(Origin.Root(root.Source, ""), $"the file is {form}.");
            return null;
        }
        if (!Utf8.IsValid(json))
        {
            var bad = 0;
            while (Rune.DecodeFromUtf8(json.AsSpan(bad), out _, out var length) == OperationStatus.Done) bad += length;
            findings.Add(Origin.Root(root.Source, "", LineOf(bad)), "the text is not UTF-8; store the file in that encoding.");
            return null;
        }
        var reader = new Utf8JsonReader(json, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaximumDepth + 2,
        });
        try
        {
            reader.Read();
            var tree = Value(ref reader, root.Source.HasLines ? Origin.Root(root.Source, root.Path, LineOf((int)reader.TokenStartIndex))
                : root);
            reader.Read(); // what follows the value is an error of syntax
            return tree;
        }
        catch (JsonException error)
        {
            findings.Add(Origin.Root(root.Source, "", 1 + (int)(error.LineNumber ?? 0)), SyntaxMessage(error));
        }
        catch (TooMuchException error)
        {
            findings.Add(error.Origin, error.Message);
        }
        return null;
    }

    JsonTree Value(ref Utf8JsonReader reader, Origin origin)
    {
        if (++values > MaximumValues) throw new TooMuchException(origin, $"the document has more than {MaximumValues} values.");
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                CheckDepth(ref reader, origin);
                return ObjectOf(ref reader, origin);
            case JsonTokenType.StartArray:
                CheckDepth(ref reader, origin);
                var items = new List<JsonTree>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, origin.Item(items.Count, LineOf((int)reader.TokenStartIndex))));
                }
                return JsonTree.OfItems(origin, items);
            case JsonTokenType.String:
                return TextOf(ref reader, origin) is { } text ? JsonTree.OfText(origin, text)
                    : JsonTree.Literal(origin, JsonValueKind.Undefined);
            case JsonTokenType.Number: return JsonTree.OfNumber(origin, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True: return JsonTree.Literal(origin, JsonValueKind.True);
            case JsonTokenType.False: return JsonTree.Literal(origin, JsonValueKind.False);
            default: return JsonTree.Literal(origin, JsonValueKind.Null);
        }
    }

    JsonTree ObjectOf(ref Utf8JsonReader reader, Origin origin)
    {
        var members = new List<KeyValuePair<string, JsonTree>>();
        var lines = new Dictionary<string, int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var line = LineOf((int)reader.TokenStartIndex);
            var name = TextOf(ref reader, origin);
            reader.Read();
            var value = Value(ref reader, origin.Member(name ?? "", line));
            if (name is null) continue;
            if (lines.TryAdd(name, line)) members.Add(new(name, value));
            else findings.Add(value.Origin,
                $"the key {Wording.Quote(name)} is given twice in this " +
                $"object{(root.Source.HasLines ? $", first on line {lines[name]}" : "")}; keep one.");
        }
        return JsonTree.OfMembers(origin, members);
    }

    string? TextOf(ref Utf8JsonReader reader, Origin origin)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            findings.Add(origin, "the text has half of a surrogate pair (an escape \\uD800 to \\uDFFF alone), which is not a character.");
            return null;
        }
    }

    static void CheckDepth(ref Utf8JsonReader reader, Origin origin)
    {
        if (reader.CurrentDepth >= MaximumDepth)
            throw new TooMuchException(origin, $"objects and lists are nested deeper than {MaximumDepth} levels.");
    }

    string SyntaxMessage(JsonException error)
    {
        var message = error.Message;
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (cut >= 0) message = message[..cut];
        var line = Math.Clamp((int)(error.LineNumber ?? 0), 0, lineStarts.Count - 1);
        var start = lineStarts[line];
        var length = Math.Clamp((int)(error.BytePositionInLine ?? 0), 0, json.Length - start);
        var column = 1 + Encoding.UTF8.GetCharCount(json, start, length);
        if (json.AsSpan().Trim(" \t\r\n"u8).IsEmpty) message = "the file is empty.";
        var rest = json.AsSpan(start + length);
        var hint = rest.StartsWith("NaN"u8) || rest.StartsWith("Infinity"u8) || rest.StartsWith("-Infinity"u8)
            ? " NaN and Infinity are not JSON numbers." : rest.StartsWith("'"u8) ? " JSON strings need double quotes." : "";
        return $"syntax error at line {line + 1}, column {column}: {message}{hint}";
    }

    int LineOf(int position)
    {
        var at = lineStarts.BinarySearch(position);
        return at >= 0 ? at + 1 : ~at;
    }

    /// <summary>Ends the reading of a document that is beyond a limit; never leaves this class.</summary>
    sealed class TooMuchException(Origin origin, string message) : Exception(message)
    {
        public Origin Origin { get; } = origin;
    }
}
