using System.Text.Json;
using TextGan.Safety;

namespace TextGan.Data;

/// <summary>
/// What a field of a preference pair can be: a string, or an array of messages with a role and content, whose turns it gives.
/// </summary>
/// <param name="Text">The string, with LF for line breaks.</param>
/// <param name="Messages">The turns of an array.</param>
internal readonly record struct PreferenceField(string? Text, IReadOnlyList<Turn>? Messages)
{
    /// <summary>Its turns; of a string in the form of HH-RLHF those, any other is one turn without a role.</summary>
    public IReadOnlyList<Turn> Turns
    {
        get
        {
            if (Messages is { } messages) return messages;
            if (string.IsNullOrWhiteSpace(Text)) return [];
            var turns = DialogueText.TakeApart(Text) ?? [new("", Text)];
            // "Assistant:" at the end only says who is to speak.
            return turns is [.., { Role: Turn.Assistant } last] && string.IsNullOrWhiteSpace(last.Text) ? [.. turns.SkipLast(1)] : turns;
        }
    }

    /// <summary>All of it as one text, each run of white space as one blank.</summary>
    public string Folded => PreferenceLineParser.Fold(Text ?? Turn.Join(Messages!));
}

/// <summary>
/// Reads fields of a line of JSON. What is wrong with one is a <see cref="FormatException"/> with a sentence for the user.
/// </summary>
internal static class PreferenceFields
{
    /// <summary>A field, or null where it is missing (or null, in the case of a prompt).</summary>
    public static PreferenceField? Read(JsonElement root, string name, bool mayBeNull = false)
    {
        if (!root.TryGetProperty(name, out var value) || (mayBeNull && value.ValueKind == JsonValueKind.Null)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => new(String(value, $"The field \"{name}\""), null),
            JsonValueKind.Array => new(null, Messages(value, name)),
            _ => throw new FormatException(
                $"The field \"{name}\" is {Describe(value)} where a string or an array of messages is expected."),
        };
    }

    /// <summary>
    /// "messages" (with "role" and "content"), else ShareGPT's "conversations" (with "from" and "value"); null without both.
    /// </summary>
    public static IReadOnlyList<Turn>? Conversation(JsonElement root, bool mayBeNull = false)
    {
        if (Read(root, "messages", mayBeNull) is { } field) return field.Messages;
        if (!root.TryGetProperty("conversations", out var turns) || (mayBeNull && turns.ValueKind == JsonValueKind.Null)) return null;
        if (turns.ValueKind != JsonValueKind.Array)
            throw new FormatException($"The field \"conversations\" is {Describe(turns)} where an array of messages is expected.");
        return Messages(turns, "conversations");
    }

    /// <summary>The turns of an array of messages, with "role" and "content" or, as in ShareGPT, with "from" and "value".</summary>
    static IReadOnlyList<Turn> Messages(JsonElement messages, string name)
    {
        var isShareGpt = messages.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            && first.TryGetProperty("from", out _) && !first.TryGetProperty("role", out _);
        return [.. messages.EnumerateArray().Select((message, index) => Message(message, $"Message {index + 1} of the field \"{name}\"",
            isShareGpt ? "from" : "role", isShareGpt ? "value" : "content"))];
    }

    static Turn Message(JsonElement message, string place, string roleName = "role", string contentName = "content")
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw new FormatException(
                $"{place} is {Describe(message)} where an object with \"{roleName}\" and \"{contentName}\" is expected.");
        if (!message.TryGetProperty(roleName, out var roleValue)) throw new FormatException($"{place} has no \"{roleName}\".");
        if (roleValue.ValueKind != JsonValueKind.String)
            throw new FormatException($"{place} has {Describe(roleValue)} as \"{roleName}\" where a string is expected.");
        var role = String(roleValue, place);
        if (!message.TryGetProperty(contentName, out var content)) throw new FormatException($"{place} has no \"{contentName}\".");
        if (Turn.RoleOf(roleName == "from" && role == "gpt" ? Turn.Assistant : role) is not { } understood)
            throw new FormatException(
                $"{place} has the role \"{SafeText.Line(role, 40)}\", which is not understood; roles are system, " +
                $"{(roleName == "from" ? "human, gpt" : "user, assistant")} and tool.");
        return new(understood, " " + Content(content, place));
    }

    static string Content(JsonElement content, string place) => content.ValueKind switch
    {
        JsonValueKind.String => String(content, place),
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(part => Part(part, place))),
        _ => throw new FormatException($"{place} has {Describe(content)} as \"content\" where a string or an array of texts is expected."),
    };

    static string Part(JsonElement part, string place)
    {
        if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && String(type, place) == "text" && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            return String(text, place);
        throw new FormatException(
            $"{place} has a part of \"content\" that is not {{\"type\": \"text\", \"text\": ...}}; only texts are understood.");
    }

    static string String(JsonElement value, string place)
    {
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"{place} has half of a surrogate pair (\\uD800 to \\uDFFF), which is not a character.");
        }
        if (text.Contains('\0')) throw new FormatException($"{place} has a NUL character.");
        return text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };
}
