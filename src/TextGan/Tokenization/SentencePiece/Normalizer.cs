using System.Runtime.InteropServices;
using System.Text;

namespace TextGan.Tokenization.SentencePiece;

/// <summary>Makes of a text what a model's pieces are searched in: replaced characters, blanks as the model wants them.</summary>
/// <param name="settings">As in the model's file.</param>
/// <param name="symbols">Pieces that the normaliser leaves alone.</param>
/// <param name="blankAfterWords">Whether the added blank stands at the end of the text.</param>
internal sealed class Normalizer(NormalizerSettings settings, PieceTrie? symbols, bool blankAfterWords)
{
    readonly byte[] blank = settings.EscapeWhitespaces ? [.. Blank] : [(byte)' '];

    /// <summary>U+2581, which stands for a blank inside of a model.</summary>
    public static ReadOnlySpan<byte> Blank => "\u2581"u8;

    /// <param name="text">UTF-8.</param>
    public ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text)
    {
        if (settings.RemoveExtraWhitespaces)
        {
            while (!text.IsEmpty && Replaced(text, out var blankLength) is [(byte)' ']) text = text[blankLength..];
        }
        if (text.IsEmpty) return [];
        var result = new List<byte>(text.Length + 2 * blank.Length);
        if (settings.AddDummyPrefix && !blankAfterWords) result.AddRange(blank);
        var isAfterBlank = settings.RemoveExtraWhitespaces;
        while (!text.IsEmpty)
        {
            var replaced = Replaced(text, out var length);
            text = text[length..];
            if (isAfterBlank) replaced = replaced.TrimStart((byte)' ');
            if (replaced.IsEmpty) continue;
            foreach (var letter in replaced)
            {
                if (letter == ' ') result.AddRange(blank);
                else result.Add(letter);
            }
            isAfterBlank = settings.RemoveExtraWhitespaces && replaced[^1] == ' ';
        }
        if (settings.RemoveExtraWhitespaces)
        {
            while (CollectionsMarshal.AsSpan(result).EndsWith(blank)) result.RemoveRange(result.Count - blank.Length, blank.Length);
        }
        if (settings.AddDummyPrefix && blankAfterWords) result.AddRange(blank);
        return CollectionsMarshal.AsSpan(result);
    }

    /// <summary>What takes the place of the first characters of a text, and how many bytes they are.</summary>
    ReadOnlySpan<byte> Replaced(ReadOnlySpan<byte> text, out int length)
    {
        length = symbols?.LongestPrefix(text) ?? 0;
        if (length > 0) return text[..length];
        if (settings.Map is { } map && map.TryReplace(text, out length, out var replacement)) return replacement;
        if (Rune.DecodeFromUtf8(text, out _, out length) == System.Buffers.OperationStatus.Done) return text[..length];
        // The text is Unicode, but a damaged map may have cut a character in two.
        length = 1;
        return "\uFFFD"u8;
    }
}
