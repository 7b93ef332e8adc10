using System.Text;

namespace TextGan.Tokenization;

/// <summary>
/// Walks over the words of a text without copying them. A word is a run of characters that are no Unicode white space. With
/// punctuation split, each punctuation character (Unicode categories P) is a piece of its own, and carries
/// <see cref="Joiner"/> on the side where no blank stood: on its left after any character, on its right before a word. So a
/// word is the same token beside punctuation as beside a blank, and the text can be put together again.
/// </summary>
internal ref struct WordPieces
{
    public const char Joiner = '￭'; // U+FFED, which other tokenizers use for the same purpose

    readonly ReadOnlySpan<char> text;
    readonly bool splitPunctuation;
    // A punctuation character of at most two code units between two joiners.
    readonly char[] punctuation;
    int position;

    public WordPieces(ReadOnlySpan<char> text, bool splitPunctuation)
    {
        this.text = text;
        this.splitPunctuation = splitPunctuation;
        punctuation = splitPunctuation ? new char[4] : [];
    }

    /// <summary>The piece that <see cref="MoveNext"/> came to; valid until its next call.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    public bool MoveNext()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position])) position++;
        if (position == text.Length) return false;
        if (splitPunctuation && PunctuationLength(text[position..]) is > 0 and var length)
        {
            var at = 0;
            if (position > 0 && !char.IsWhiteSpace(text[position - 1])) punctuation[at++] = Joiner;
            text.Slice(position, length).CopyTo(punctuation.AsSpan(at));
            at += length;
            position += length;
            // Punctuation that follows punctuation carries the joiner itself.
            if (position < text.Length && !char.IsWhiteSpace(text[position]) && PunctuationLength(text[position..]) == 0)
                punctuation[at++] = Joiner;
            Current = punctuation.AsSpan(0, at);
            return true;
        }
        var start = position;
        while (position < text.Length && !char.IsWhiteSpace(text[position])
            && !(splitPunctuation && PunctuationLength(text[position..]) > 0)) position++;
        Current = text[start..position];
        return true;
    }

    /// <summary>The code units of the punctuation character that the text begins with, or 0.</summary>
    public static int PunctuationLength(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out var length) == System.Buffers.OperationStatus.Done && Rune.IsPunctuation(rune) ? length
            : 0;

    /// <summary>Whether a text can come out of the walk as one piece.</summary>
    public static bool IsPiece(string text, bool splitPunctuation)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAny(WhiteSpace)) return false;
        if (!splitPunctuation || !HasPunctuation(text)) return true;
        var (_, bare, _) = Bare(text);
        return bare.Length > 0 && PunctuationLength(bare) == bare.Length;
    }

    /// <summary>A piece of split text without its joiners, and on which sides it had one.</summary>
    public static (bool JoinsLeft, string Bare, bool JoinsRight) Bare(string piece)
    {
        if (!HasPunctuation(piece)) return (false, piece, false); // a word, which may be spelt with a joiner
        var (left, right) = (piece[0] == Joiner, piece[^1] == Joiner);
        return (left, piece[(left ? 1 : 0)..^(right ? 1 : 0)], right);
    }

    static bool HasPunctuation(string text) => text.EnumerateRunes().Any(Rune.IsPunctuation);

    static readonly System.Buffers.SearchValues<char> WhiteSpace =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(char.IsWhiteSpace)]);
}
