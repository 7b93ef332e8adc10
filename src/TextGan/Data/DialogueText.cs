using System.Text.RegularExpressions;

namespace TextGan.Data;

/// <summary>
/// Dialogues that are written as one string: a role counts only at the beginning of a line, before a colon, in any case. The dialogue
/// begins with one; whether "Human" or "User" asks is what it calls them first, so that the other word is only text. Line breaks are LF.
/// </summary>
internal static partial class DialogueText
{
    const string Label = @"\p{L}[\w'-]{0,20}(?: [\w'-]{1,20})?";

    /// <summary>The turns of a string that begins with a role; null where it does not.</summary>
    public static IReadOnlyList<Turn>? TakeApart(string value)
    {
        var text = value.TrimStart();
        var labels = RoleLabel().Matches(text).ToList();
        if (labels.Count == 0 || labels[0].Index > 0) return null;
        var asks = labels.FirstOrDefault(label => RoleOf(label) == Turn.Human)?.Groups["name"].Value;
        labels = [.. labels.Where((label, index) => RoleOf(label) switch
        {
            Turn.Human => label.Groups["name"].Value.Equals(asks, StringComparison.OrdinalIgnoreCase),
            Turn.System => index == 0,
            _ => true,
        })];
        // As in HH-RLHF, a blank line before each turn: then a line that only begins like a turn is part of a text, unless it is the
        // other one's turn each time.
        var afterBlankLines = labels.Where((label, index) => index == 0 || label.Groups["blank"].Success).ToList();
        var alternate = labels.Zip(labels.Skip(1)).All(pair => RoleOf(pair.First) != RoleOf(pair.Second));
        if (!alternate && afterBlankLines.Skip(1).Any(label => RoleOf(label) == Turn.Assistant)) labels = afterBlankLines;
        var ends = labels.Skip(1).Select(label => label.Index).Append(text.Length);
        return [.. labels.Zip(ends, (label, end) => new Turn(RoleOf(label), text[(label.Index + label.Length)..end]))];
    }

    /// <summary>
    /// Why a string that has no Assistant turn cannot be taken for plain text; null where it can. Any text may have lines like "Note: ..."
    /// in it, so a label is a role only if both texts of the pair begin with the same turn, as two answers to one prompt do, or if a
    /// role that is understood stands beside it.
    /// </summary>
    /// <param name="value">The string.</param>
    /// <param name="other">The other text of the pair, where it is a string.</param>
    /// <param name="otherIsDialogue">Whether the other text is a dialogue with an Assistant turn.</param>
    /// <param name="hasPrompt">Whether the prompt stands elsewhere, so that the string can be an answer alone.</param>
    public static string? WhyNotPlain(string value, string? other, bool otherIsDialogue, bool hasPrompt)
    {
        var opening = Opening().Match(value.TrimStart());
        if (!opening.Success) return null;
        var (first, second) = (opening.Groups["first"].Value, opening.Groups["second"].Value);
        var opensWithHuman = Turn.RoleOf(first) == Turn.Human;
        if (opensWithHuman && (otherIsDialogue || value.StartsWith("\n\n", StringComparison.Ordinal)))
            return "is a dialogue without an Assistant turn";
        if (second.Length == 0) return null;
        var otherOpening = Opening().Match(other?.TrimStart() ?? "");
        var sameOpening = otherOpening.Groups["second"].Success
            && first.Equals(otherOpening.Groups["first"].Value, StringComparison.OrdinalIgnoreCase)
            && opening.Groups["text"].Value.Trim() == otherOpening.Groups["text"].Value.Trim();
        var besideAssistant = RoleLabel().Matches(value).Any(label => RoleOf(label) == Turn.Assistant);
        if (!sameOpening && !besideAssistant && !(opensWithHuman && !hasPrompt)) return null;
        return $"begins like a dialogue, but the role \"{(opensWithHuman ? second : first)}\" is not understood; "
            + "roles are Human or User, Assistant and System. If it is plain text, set \"part\" to \"plain\"";
    }

    static string RoleOf(Match label) => Turn.RoleOf(label.Groups["name"].Value)!;

    [GeneratedRegex(@"(?:\A|\n(?<blank>[ \t]*\n)?)[ \t]*(?<name>human|user|assistant|system)[ \t]*:",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RoleLabel();

    /// <summary>A word or two and a colon at the beginning, and the next line that begins so.</summary>
    [GeneratedRegex(@"\A(?<first>" + Label + @")[ \t]*:(?!//)(?:(?<text>.*?)\n[ \t]*(?<second>" + Label + @")[ \t]*:(?!//))?",
        RegexOptions.Singleline)]
    private static partial Regex Opening();
}
