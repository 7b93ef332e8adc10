namespace TextGan.Data;

/// <summary>Puts the prompt of a preference pair and one of its texts together.</summary>
internal static class PreferenceDialogue
{
    /// <summary>The turns of the prompt and then those of the text, without what both have.</summary>
    /// <param name="prompt">Turns, or one without a role; may be empty.</param>
    /// <param name="text">A dialogue with an Assistant turn, or one turn without a role.</param>
    public static IReadOnlyList<Turn> Join(IReadOnlyList<Turn> prompt, IReadOnlyList<Turn> text)
    {
        if (prompt.Count == 0) return text;
        if (text is [{ Role: "" } answer])
            return [.. prompt, prompt[0].Role.Length > 0 ? new Turn(Turn.Assistant, " " + answer.Text) : answer];
        var before = text.Take(LastReply(text)).ToList();
        for (var common = Math.Min(prompt.Count - 1, before.Count); common > 0; common--)
        {
            if (AreSame(prompt.TakeLast(common), before)) return [.. prompt.Take(prompt.Count - common), .. text];
        }
        // The prompt of an answer is what a Human said.
        if (prompt is [{ Role: "" } question] && text[0].Role == Turn.Assistant) prompt = [new(Turn.Human, " " + question.Text)];
        return [.. prompt, .. text];
    }

    /// <summary>The index of the turn that is judged: the last Assistant's, or the only text without a role.</summary>
    public static int LastReply(IReadOnlyList<Turn> turns)
    {
        for (var i = turns.Count - 1; i >= 0; i--)
        {
            if (turns[i].Role == Turn.Assistant) return i;
        }
        return turns.Count - 1;
    }

    /// <summary>
    /// Whether the prompt is in a dialogue before its last reply: at the beginning, after a system turn, or as the last question.
    /// </summary>
    public static bool Contains(IReadOnlyList<Turn> dialogue, IReadOnlyList<Turn> prompt)
    {
        var before = dialogue.Take(LastReply(dialogue)).ToList();
        for (var start = 0; start + prompt.Count <= before.Count; start++)
        {
            if (AreSame(prompt, before.Skip(start))) return true;
        }
        // Or all of it as one string.
        return PreferenceLineParser.Fold(Turn.Join(before)) == PreferenceLineParser.Fold(Turn.Join(prompt));
    }

    static bool AreSame(IEnumerable<Turn> some, IEnumerable<Turn> others) => some.Zip(others).All(pair =>
        (pair.First.Role == pair.Second.Role || (pair.First.Role.Length == 0 && pair.Second.Role == Turn.Human))
        && PreferenceLineParser.Fold(pair.First.Text) == PreferenceLineParser.Fold(pair.Second.Text));
}
