using System.Text;
using System.Text.Json;

namespace TextGan.Data;

/// <summary>Takes a JSON line of a preference set apart.</summary>
internal sealed class PreferenceLineParser(PreferencePart part, bool foldWhitespace)
{
    const string Human = "\n\nHuman:";
    const string Assistant = "\n\nAssistant:";

    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public ParsedLine<PreferencePair> Parse(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return ParsedLine<PreferencePair>.Nothing;
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"The line is {Describe(root)} where a JSON object is expected.");
            var chosen = Field(root, "chosen") ?? throw new FormatException("The object has no \"chosen\".");
            var rejected = Field(root, "rejected") ?? throw new FormatException("The object has no \"rejected\".");
            var own = Field(root, "prompt");
            var (chosenText, before) = TakeApart(Whole(chosen, own), "chosen");
            var (rejectedText, _) = TakeApart(Whole(rejected, own), "rejected");
            if (chosenText.Length == 0 || rejectedText.Length == 0) return ParsedLine<PreferencePair>.OfNoUse("with an empty reply");
            if (chosenText == rejectedText) return ParsedLine<PreferencePair>.OfNoUse("with equal texts");
            // A prompt of its own stands for what comes before the reply.
            var prompt = own is null ? before : Tidy(own);
            return ParsedLine<PreferencePair>.Of(new PreferencePair(chosenText, rejectedText, prompt));
        }
        catch (FormatException fault)
        {
            return ParsedLine<PreferencePair>.Malformed(fault.Message);
        }
        catch (JsonException exception)
        {
            return ParsedLine<PreferencePair>.Malformed($"The line is not valid JSON: {Reason(exception)}");
        }
        catch (InvalidOperationException)
        {
            // How the library tells of the name of a field that is no Unicode.
            return ParsedLine<PreferencePair>.Malformed("The line is not valid JSON: the name of a field has half of a surrogate pair (\\uD800 to \\uDFFF).");
        }
    }

    /// <summary>Of a reply whose prompt stands in a field of its own, the whole dialogue where that is asked for; what is a dialogue already has its prompt in it.</summary>
    string Whole(string value, string? prompt) =>
        part == PreferencePart.Dialogue && !string.IsNullOrWhiteSpace(prompt) && !string.IsNullOrWhiteSpace(value) && AsDialogue(value.Replace("\r\n", "\n", StringComparison.Ordinal)) is null
            ? $"{prompt.TrimEnd()}\n{value.TrimStart()}"
            : value;

    /// <summary>A field as text, or null where it is missing (or null, in the case of a prompt).</summary>
    static string? Field(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Null && name == "prompt") return null;
        if (value.ValueKind != JsonValueKind.String) throw new FormatException($"The field \"{name}\" is {Describe(value)} where a string is expected.");
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"The field \"{name}\" has half of a surrogate pair (\\uD800 to \\uDFFF), which is no character.");
        }
        return text.Contains('\0') ? throw new FormatException($"The field \"{name}\" has a NUL character.") : text;
    }

    /// <summary>The text (empty where the last reply is), and what comes before it (empty where nothing does).</summary>
    (string Text, string Before) TakeApart(string value, string name)
    {
        value = value.Replace("\r\n", "\n", StringComparison.Ordinal);
        var (text, before) = (value, "");
        if (AsDialogue(value) is { } dialogue)
        {
            var last = dialogue.LastIndexOf(Assistant, StringComparison.Ordinal);
            if (last < 0) throw new FormatException($"The field \"{name}\" is a dialogue without an Assistant turn.");
            var reply = dialogue[(last + Assistant.Length)..];
            // A question after the last reply is nobody's text.
            var next = reply.IndexOf(Human, StringComparison.Ordinal);
            if (next >= 0) reply = reply[..next];
            if (part == PreferencePart.LastReply || string.IsNullOrWhiteSpace(reply)) (text, before) = (reply, dialogue[..last]);
        }
        else if (string.IsNullOrWhiteSpace(value))
        {
            throw new FormatException($"The field \"{name}\" is empty.");
        }
        return (Tidy(text), Tidy(before));
    }

    /// <summary>The value with two line breaks before its first turn, or null where it is no dialogue.</summary>
    static string? AsDialogue(string value)
    {
        var start = value.AsSpan().TrimStart();
        var beginsWithTurn = start.StartsWith(Human.AsSpan(2), StringComparison.Ordinal) || start.StartsWith(Assistant.AsSpan(2), StringComparison.Ordinal);
        // Without the line breaks before it, "Human:" may also be the beginning of a plain sentence.
        var isDialogue = beginsWithTurn && (value.StartsWith("\n\n", StringComparison.Ordinal) || value.Contains(Assistant, StringComparison.Ordinal));
        return isDialogue ? string.Concat("\n\n", start) : null;
    }

    string Tidy(string text)
    {
        if (!foldWhitespace) return text.Trim();
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character)) result.Append(character);
            else if (result.Length > 0 && result[^1] != ' ') result.Append(' ');
        }
        return result.ToString().TrimEnd();
    }

    static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };

    /// <summary>The library's sentence without its tail of path and position, which count within the line only.</summary>
    static string Reason(JsonException exception)
    {
        var tail = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = tail < 0 ? exception.Message : exception.Message[..tail];
        return exception.BytePositionInLine is { } position ? $"{message} (at byte {position + 1:N0})" : message;
    }
}
