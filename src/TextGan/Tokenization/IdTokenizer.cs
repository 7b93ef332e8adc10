using System.Globalization;

namespace TextGan.Tokenization;

/// <summary>
/// Texts that are token ids already: decimal numbers between blanks, as an oracle writes them (SeqGAN, Yu et al. 2017). The
/// generator starts from id 0, which is also an ordinary token; no token ends a text, so every text must fill its row.
/// </summary>
public sealed class IdTokenizer(int vocabularySize) : ITokenizer
{
    public int VocabularySize { get; } = vocabularySize;
    public int StartId => 0;
    public int? EndId => null;
    public int? UnknownId => null;
    public IReadOnlyList<string>? FittedVocabulary => null;

    /// <exception cref="InvalidInputException">A word of the text is not a number from 0 to V-1.</exception>
    public IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>();
        var pieces = new WordPieces(text, splitPunctuation: false);
        while (pieces.MoveNext())
        {
            if (!int.TryParse(pieces.Current, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id >= VocabularySize)
                throw new InvalidInputException("$.tokenizer",
                    $"The text \"{Shorten(text)}\" has \"{Shorten(pieces.Current)}\" where a token id from 0 to {VocabularySize - 1} is " +
                    $"expected.");
            ids.Add(id);
        }
        return ids;
    }

    /// <summary>The ids as decimal numbers joined by single blanks. Id 0 is kept: it is a token and not only the start.</summary>
    public string Decode(IReadOnlyList<int> ids) => string.Join(' ', ids.Select(TokenText));

    public string TokenText(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    static string Shorten(ReadOnlySpan<char> text) => text.Length <= 60 ? text.ToString() : string.Concat(text[..57], "...");
}
