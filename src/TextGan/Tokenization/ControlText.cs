namespace TextGan.Tokenization;

/// <summary>
/// A text with control tokens: the name of each ("&lt;|im_start|&gt;") between two noncharacters of Unicode. Only what makes such texts
/// puts these in; a text of a user that has one of them is rejected there, so that nobody can write a control token.
/// </summary>
public static class ControlText
{
    const char Open = '\uFDD0', Close = '\uFDD1';

    /// <summary>A control token, as a part of a text.</summary>
    public static string Token(string name) => $"{Open}{name}{Close}";

    /// <summary>Whether a text could be taken for one with control tokens.</summary>
    public static bool HasMarks(string text) => text.AsSpan().ContainsAny(Open, Close);

    /// <summary>The parts of a text in order: names of control tokens, and ordinary text between them, which is not empty.</summary>
    public static IEnumerable<(string Text, bool IsToken)> Parts(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var isToken = text[at] == Open;
            var end = text.IndexOf(isToken ? Close : Open, at);
            if (end < 0) end = text.Length;
            yield return (text[(isToken ? at + 1 : at)..end], isToken);
            at = isToken ? end + 1 : end;
        }
    }
}
