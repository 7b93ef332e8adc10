using Spectre.Console;

namespace TextGan.Cli.Display;

/// <summary>Breaks prose into lines at spaces.</summary>
public static class Wrapped
{
    /// <param name="text">Paragraphs are separated by line breaks; other space is not kept. What is unsafe is escaped.</param>
    /// <param name="width">Characters in a line, the indent's among them; a longer word stands alone.</param>
    /// <param name="indent">Begins each line.</param>
    public static IEnumerable<string> Lines(string text, int width, string indent = "")
    {
        foreach (var paragraph in text.ReplaceLineEndings("\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => SafeText.Line(word)))
            {
                if (line.Length > 0 && indent.Length + line.GetCellWidth() + 1 + word.GetCellWidth() > width)
                {
                    yield return indent + line;
                    line = "";
                }
                line = line.Length == 0 ? word : $"{line} {word}";
            }
            if (line.Length > 0) yield return indent + line;
        }
    }

    /// <summary>The first sentence of a text: up to a full stop before a capital letter, outside of brackets.</summary>
    public static string FirstSentence(string text)
    {
        var depth = 0;
        for (var i = 0; i + 2 < text.Length; i++)
        {
            depth += text[i] is '(' ? 1 : text[i] is ')' ? -1 : 0;
            if (text[i] == '.' && depth <= 0 && char.IsWhiteSpace(text[i + 1]) && char.IsUpper(text[i + 2])) return text[..(i + 1)];
        }
        return text;
    }
}
