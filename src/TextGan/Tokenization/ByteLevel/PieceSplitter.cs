using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TextGan.Tokenization.ByteLevel;

/// <summary>
/// Cuts a text into the pieces that are encoded one by one: the steps of a tokenizer.json. Hugging Face's expressions see code points;
/// .NET's see a character outside of the first 65,536 as two surrogates of no class. So an expression is matched with a text in which
/// another character of the same Unicode category stands for each of those.
/// </summary>
internal sealed class PieceSplitter
{
    /// <summary>GPT-2's, which the step ByteLevel has of its own.</summary>
    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    static readonly char[] standIns = StandIns();

    readonly List<(Regex? Pattern, bool AddsBlank)> steps = [];

    /// <summary>Adds the step Split with the behaviour "Isolated": matches are pieces, and so is what lies between them.</summary>
    /// <exception cref="ArgumentException">.NET does not have such an expression, or may read it in another way.</exception>
    public void AddSplit(string pattern)
    {
        // Sets within sets and intersections are Oniguruma's; .NET reads the characters.
        if (pattern.Contains("&&", StringComparison.Ordinal) || Regex.IsMatch(pattern, @"\[[^\]]*(?<!\\)\["))
            throw new ArgumentException("it has sets of characters within sets");
        steps.Add((new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled), false));
    }

    /// <summary>Adds the step ByteLevel, but for the letters of the bytes.</summary>
    /// <param name="addsBlank">Whether a piece that does not begin with a blank gets one.</param>
    /// <param name="splits">Whether it splits as GPT-2 does.</param>
    public void AddByteLevel(bool addsBlank, bool splits)
    {
        if (addsBlank) steps.Add((null, true));
        if (splits) AddSplit(Gpt2);
    }

    /// <summary>The pieces of a text, in order.</summary>
    public List<string> Split(string text)
    {
        List<string> pieces = text.Length > 0 ? [text] : [];
        foreach (var (pattern, addsBlank) in steps)
        {
            if (addsBlank) pieces = [.. pieces.Select(piece => piece[0] == ' ' ? piece : " " + piece)];
            if (pattern is null) continue;
            var cut = new List<string>();
            foreach (var piece in pieces) Cut(pattern, piece, cut);
            pieces = cut;
        }
        return pieces;
    }

    static void Cut(Regex pattern, string text, List<string> pieces)
    {
        var (shape, starts) = Shape(text);
        var from = 0;
        foreach (var match in pattern.EnumerateMatches(shape))
        {
            if (match.Length == 0) continue;
            Add(from, match.Index);
            from = match.Index + match.Length;
            Add(match.Index, from);
        }
        Add(from, shape.Length);

        void Add(int start, int end)
        {
            if (end > start) pieces.Add(starts is null ? text[start..end] : text[starts[start]..starts[end]]);
        }
    }

    /// <summary>The text with one character for each code point, and where each begins in the text; null if at the same place.</summary>
    static (string Shape, int[]? Starts) Shape(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return (text, null);
        var (shape, starts, at) = (new StringBuilder(text.Length), new List<int>(text.Length + 1), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            starts.Add(at);
            at += rune.Utf16SequenceLength;
            shape.Append(rune.IsBmp ? (char)rune.Value : standIns[(int)Rune.GetUnicodeCategory(rune)]);
        }
        return (shape.ToString(), [.. starts, at]);
    }

    /// <summary>For each category the last character of the first 65,536 that has it: none of them is spelt out in expressions.</summary>
    static char[] StandIns()
    {
        var found = new char[(int)UnicodeCategory.OtherNotAssigned + 1];
        for (var letter = 0; letter <= char.MaxValue; letter++) found[(int)CharUnicodeInfo.GetUnicodeCategory((char)letter)] = (char)letter;
        return found;
    }
}
