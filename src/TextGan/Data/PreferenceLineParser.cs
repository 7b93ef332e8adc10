using System.Text;
using System.Text.Json;

namespace TextGan.Data;

/// <summary>Takes a JSON line of a preference set apart.</summary>
internal sealed class PreferenceLineParser(PreferencePart part, bool foldWhitespace, ChatTemplate? template = null)
{
    /// <summary>The field of the preferred text.</summary>
    public string Chosen { get; init; } = "chosen";

    /// <summary>The field of the other text.</summary>
    public string Rejected { get; init; } = "rejected";

    /// <summary>The field of the prompt, which must be there; null: "prompt", which need not.</summary>
    public string? Prompt { get; init; }

    public ParsedLine<PreferencePair> Parse(string line) => JsonLine.Parse(line, Pair);

    ParsedLine<PreferencePair> Pair(JsonElement root)
    {
        var chosenField = PreferenceFields.Read(root, Chosen) ?? throw TableColumns.Missing(root, $"no \"{Chosen}\"");
        var rejectedField = PreferenceFields.Read(root, Rejected) ?? throw TableColumns.Missing(root, $"no \"{Rejected}\"");
        if (Prompt is { } named && !root.TryGetProperty(named, out _)) throw TableColumns.Missing(root, $"no \"{named}\"");
        var promptField = PreferenceFields.Read(root, Prompt ?? "prompt", mayBeNull: true);
        var hasPrompt = promptField is { Messages.Count: > 0 } || !string.IsNullOrWhiteSpace(promptField?.Text)
            || root.TryGetProperty("messages", out _) || root.TryGetProperty("conversations", out _);
        var chosenTurns = Turns(Chosen, chosenField, rejectedField, hasPrompt);
        var rejectedTurns = Turns(Rejected, rejectedField, chosenField, hasPrompt);
        IReadOnlyList<Turn>[] dialogues = [.. new[] { chosenTurns, rejectedTurns }.Where(HasRoles)];
        var prompt = promptField is { } own ? PromptOf(own, dialogues) : MessagesBefore(root, chosenTurns, rejectedTurns);
        if (part != PreferencePart.Plain && prompt is [{ Role: "" } question]
            && Behind(question, chosenTurns) is { } chosenRest && Behind(question, rejectedTurns) is { } rejectedRest)
            (chosenTurns, rejectedTurns) = ([chosenRest], [rejectedRest]);

        // A prompt that one dialogue repeats belongs before no dialogue, even if the other one has another question.
        var areWhole = dialogues.Any(dialogue => PreferenceDialogue.Contains(dialogue, prompt));
        IReadOnlyList<Turn> Whole(IReadOnlyList<Turn> turns) => areWhole && HasRoles(turns) ? turns
            : PreferenceDialogue.Join(prompt, turns);
        var (chosen, before) = TextOf(Whole(chosenTurns));
        var (rejected, rejectedBefore) = TextOf(Whole(rejectedTurns));
        if (chosen.Length == 0 || rejected.Length == 0) return ParsedLine<PreferencePair>.OfNoUse("with an empty reply");
        if (chosen == rejected) return ParsedLine<PreferencePair>.OfNoUse("with equal texts");
        // A whole dialogue has its prompt in it.
        var isInText = part == PreferencePart.Dialogue && (HasRoles(prompt) || HasRoles(chosenTurns));
        var remark = before == rejectedBefore ? null : "whose texts answer different prompts";
        return ParsedLine<PreferencePair>.Of(new(chosen, rejected, isInText ? "" : before), remark);
    }

    /// <summary>A dialogue's turns, or a plain text as one turn without a role.</summary>
    IReadOnlyList<Turn> Turns(string name, PreferenceField field, PreferenceField other, bool hasPrompt)
    {
        if (field.Messages is { } messages)
        {
            if (HasAnswer(messages)) return messages;
            throw new FormatException(
                $"The field \"{name}\" is {(messages.Count == 0 ? "an empty array" : "a dialogue without an Assistant turn")}.");
        }
        if (string.IsNullOrWhiteSpace(field.Text)) throw new FormatException($"The field \"{name}\" is empty.");
        if (part != PreferencePart.Plain)
        {
            if (Dialogue(field.Text) is { } turns) return turns;
            var otherIsDialogue = other.Messages is not null || Dialogue(other.Text!) is not null;
            if (DialogueText.WhyNotPlain(field.Text, other.Text, otherIsDialogue, hasPrompt) is { } reason)
                throw new FormatException($"The field \"{name}\" {reason}.");
        }
        return [new("", field.Text.Trim())];
    }

    /// <summary>The turns of a prompt, or its text as one turn without a role; none where it is empty.</summary>
    IReadOnlyList<Turn> PromptOf(PreferenceField field, IReadOnlyList<Turn>[] dialogues)
    {
        if (field.Messages is null && string.IsNullOrWhiteSpace(field.Text)) return [];
        var turns = field.Messages;
        if (turns is null)
        {
            IReadOnlyList<Turn> question = [new("", field.Text!.Trim())];
            if (part == PreferencePart.Plain || dialogues.Any(dialogue => PreferenceDialogue.Contains(dialogue, question))) return question;
            turns = (dialogues.Length > 0 ? DialogueText.TakeApart(field.Text) : Dialogue(field.Text)) ?? question;
        }
        // "Assistant:" at the end only says who is to speak.
        return turns is [.., { Role: Turn.Assistant } last] && string.IsNullOrWhiteSpace(last.Text) ? [.. turns.SkipLast(1)] : turns;
    }

    /// <summary>"messages" is the prompt of texts that are answers alone; beside whole dialogues it repeats one of them.</summary>
    static IReadOnlyList<Turn> MessagesBefore(JsonElement root, IReadOnlyList<Turn> chosen, IReadOnlyList<Turn> rejected)
    {
        if (chosen.Concat(rejected).Any(turn => turn.Role == Turn.Human)) return [];
        if (PreferenceFields.Conversation(root, mayBeNull: true) is not { } messages) return [];
        var hasChosen = messages is [.., { Role: Turn.Assistant } last] && Fold(last.Text) == Fold(chosen[^1].Text);
        return hasChosen ? [.. messages.SkipLast(1)] : messages;
    }

    static IReadOnlyList<Turn>? Dialogue(string text) => DialogueText.TakeApart(text) is { } turns && HasAnswer(turns) ? turns : null;

    static bool HasAnswer(IEnumerable<Turn> turns) => turns.Any(turn => turn.Role == Turn.Assistant);

    static bool HasRoles(IEnumerable<Turn> turns) => turns.Any(turn => turn.Role.Length > 0);

    /// <summary>What comes behind a prompt that a plain text repeats at its beginning; null where it does not.</summary>
    static Turn? Behind(Turn prompt, IReadOnlyList<Turn> turns)
    {
        if (turns is not [{ Role: "" } answer] || !answer.Text.StartsWith(prompt.Text, StringComparison.Ordinal)) return null;
        var rest = answer.Text[prompt.Text.Length..];
        var insideWord = rest.Length > 0 && char.IsLetterOrDigit(rest[0]) && char.IsLetterOrDigit(prompt.Text[^1]);
        return insideWord ? null : new("", rest.TrimStart());
    }

    /// <summary>The text (empty where the last reply is), and what comes before that reply (empty where nothing does).</summary>
    (string Text, string Before) TextOf(IReadOnlyList<Turn> turns)
    {
        var last = PreferenceDialogue.LastReply(turns);
        // A question after the last reply is nobody's text.
        var reply = Tidy(turns[last].Text);
        var text = part == PreferencePart.Dialogue && reply.Length > 0 ? Tidy(Turn.Join(turns)) : reply;
        var before = turns.Take(last);
        return (text, template is { } form ? ChatTemplates.Prompt(form, before, Tidy) : Tidy(Turn.Join(before)));
    }

    string Tidy(string text) => foldWhitespace ? Fold(text) : text.Trim();

    /// <summary>The text with each run of white space as one blank, none at its ends.</summary>
    internal static string Fold(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character)) result.Append(character);
            else if (result.Length > 0 && result[^1] != ' ') result.Append(' ');
        }
        return result.ToString().TrimEnd();
    }
}
