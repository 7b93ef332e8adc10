using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TextGan.Problems;
using Range = System.Range;

namespace TextGan.Reporting.Documents;

/// <summary>
/// A Markdown file with generated blocks. What lies between a comment <c>&lt;!-- textgan KIND JSON --&gt;</c> and the next
/// <c>&lt;!-- /textgan --&gt;</c>, each beginning a line outside of fenced code, is made from the JSON, which names the files that the
/// figures come from. Everything else is the author's.
/// </summary>
/// <param name="Text">The text with its blocks as they should be.</param>
/// <param name="Blocks">The lines on which its blocks open, from 1.</param>
/// <param name="OutOfDate">The lines of those that differ from what they should be.</param>
public sealed partial record MarkdownDocument(string Text, IReadOnlyList<int> Blocks, IReadOnlyList<int> OutOfDate)
{
    /// <summary>Makes the blocks of a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="read">Reads a file by its name in the document.</param>
    /// <exception cref="InvalidInputException">All that is wrong with its blocks.</exception>
    public static MarkdownDocument Of(string text, string name, Func<string, ResultFile> read)
    {
        var (made, problems) = (new StringBuilder(), new ProblemList());
        var (blocks, outOfDate) = (new List<int>(), new List<int>());
        var lines = Lines(text).ToList();
        var kept = 0; // what is already in the result
        var fence = "";
        for (var i = 0; i < lines.Count; i++)
        {
            var line = text[lines[i]];
            if (fence.Length > 0)
            {
                if (Fence().Match(line) is { Success: true } end && end.Groups[1].Value.StartsWith(fence, StringComparison.Ordinal)
                    && end.Length == line.TrimEnd().Length) fence = "";
                continue;
            }
            if (Fence().Match(line) is { Success: true } begin) fence = begin.Groups[1].Value;
            var place = $"{name}:{i + 1}";
            if (Closing().IsMatch(line))
                problems.Note(() => throw new InvalidInputException(place, "closes a block, and none is open."));
            if (Opening().Match(line) is not { Success: true } opening) continue;
            var start = lines[i].Start.Value + opening.Length;
            var (first, last) = (i, LineOfEnd(text, lines, i, start));
            while (++i < lines.Count && !(i > last && (Closing().IsMatch(text[lines[i]]) || Opening().IsMatch(text[lines[i]])))) { }
            if (i == lines.Count || !Closing().IsMatch(text[lines[i]]))
            {
                problems.Note(() => throw new InvalidInputException(place,
                    "opens a block that is not closed; '<!-- /textgan -->' on a line of its own closes it."));
                i--; // it may be the next block
                continue;
            }
            problems.Note(() =>
            {
                var end = text.IndexOf("-->", start, StringComparison.Ordinal);
                var (from, to) = (lines[last].End.Value, lines[i].Start.Value);
                if (!string.IsNullOrWhiteSpace(text[(end + 3)..from]))
                    throw new InvalidInputException($"{name}:{last + 1}", "has text behind '-->', which ends the block's opening.");
                var lineBreak = text[from..lines[last + 1].Start.Value];
                var block = $"{lineBreak}{lineBreak}{string.Join(lineBreak, Made(text[start..end], place, first + 1, name, read))}" +
                    $"{lineBreak}{lineBreak}";
                made.Append(text, kept, from - kept).Append(block);
                kept = to;
                blocks.Add(first + 1);
                if (text[from..to] != block) outOfDate.Add(first + 1);
            });
        }
        problems.Throw();
        return new(made.Append(text, kept, text.Length - kept).ToString(), blocks, outOfDate);
    }

    /// <summary>The line on which the opening comment ends; the last one if it never does.</summary>
    static int LineOfEnd(string text, List<Range> lines, int line, int start)
    {
        var end = text.IndexOf("-->", start, StringComparison.Ordinal);
        if (end < 0) return lines.Count - 1;
        while (lines[line].End.Value < end) line++;
        return line;
    }

    /// <summary>The lines of a block, from what its comment says behind "textgan".</summary>
    static IReadOnlyList<string> Made(string comment, string place, int line, string name, Func<string, ResultFile> read)
    {
        var kind = Kind().Match(comment);
        Func<BlockJson, Func<string, ResultFile>, IEnumerable<string>> make = kind.Groups[1].Value switch
        {
            "table" => TableBlock.Lines,
            "command" => CommandBlock.Lines,
            var other => throw new InvalidInputException(place,
                $"opens a block of the kind '{Label.Clean(other)}'; there are 'table' and 'command'."),
        };
        JsonElement json;
        try
        {
            json = JsonElement.Parse(comment[kind.Length..], new JsonDocumentOptions { AllowDuplicateProperties = false });
            RequireText(Encoding.UTF8.GetBytes(comment[kind.Length..]));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            var at = line + Lines(comment[..kind.Length]).Count() - 1 + (int)((wrong as JsonException)?.LineNumber ?? 0);
            throw new InvalidInputException($"{name}:{at}", $"The block's JSON is damaged: {wrong.Message.Split(" LineNumber:")[0]}");
        }
        return [.. make(BlockJson.Of(json, place, "$"), Named(read, place))];
    }

    /// <summary>Half of a surrogate pair would show as an InvalidOperationException wherever a text is read.</summary>
    static void RequireText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String) reader.GetString();
    }

    /// <summary>Problems of a file are told with the block that names it.</summary>
    static Func<string, ResultFile> Named(Func<string, ResultFile> read, string place) => file =>
    {
        try
        {
            return read(file);
        }
        catch (InvalidInputException bad)
        {
            throw new InvalidInputException([.. bad.Problems.Select(one => new Problem($"{place}: {file}", one.Message))]);
        }
    };

    /// <summary>The lines of a text without their line breaks; a mark of byte order is no part of the first.</summary>
    static IEnumerable<Range> Lines(string text)
    {
        for (var start = text.StartsWith('\uFEFF') ? 1 : 0; ;)
        {
            var length = text.AsSpan(start).IndexOfAny('\r', '\n');
            if (length < 0)
            {
                yield return start..text.Length;
                yield break;
            }
            var end = start + length;
            yield return start..end;
            start = end + (text.AsSpan(end).StartsWith("\r\n") ? 2 : 1);
        }
    }

    [GeneratedRegex(@"^ {0,3}<!--[ \t]*textgan(?=\s|\{|-->|$)")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^ {0,3}<!--[ \t]*/textgan[ \t]*-->[ \t]*$")]
    private static partial Regex Closing();

    [GeneratedRegex(@"^ {0,3}(`{3,}|~{3,})")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*([^\s{]*)")]
    private static partial Regex Kind();
}
