using System.Text;

namespace TextGan.Tokenization;

/// <summary>
/// Words between blanks, with a vocabulary learnt from text. Id 0 is the start, the end and the padding; id 1 stands for every
/// word that the vocabulary does not have. Decoding what was encoded gives the text back with single blanks, if the vocabulary
/// has all of its words.
/// </summary>
public sealed class WordTokenizer : LearntTokenizer
{
    readonly bool splitPunctuation;
    readonly (bool JoinsLeft, string Bare, bool JoinsRight)[] surfaces;

    WordTokenizer(LearntVocabulary vocabulary, bool lowercase, bool splitPunctuation) : base(vocabulary, lowercase)
    {
        this.splitPunctuation = splitPunctuation;
        surfaces = [.. vocabulary.Tokens.Select((token, id) => splitPunctuation && id > LearntVocabulary.UnknownId ? WordPieces.Bare(token)
            : (false, token, false))];
    }

    /// <summary>Learns a vocabulary of at most <paramref name="size"/> tokens, the two special ones included.</summary>
    /// <exception cref="Problems.InvalidInputException">No word occurs often enough.</exception>
    public static WordTokenizer Fit(IEnumerable<string> texts, int size = 10_000, int minimumCount = 1, bool lowercase = false,
        bool splitPunctuation = false)
    {
        var counts = new PieceCounts(size);
        foreach (var text in texts)
        {
            var pieces = new WordPieces(Prepare(text, lowercase), splitPunctuation);
            while (pieces.MoveNext()) counts.Add(pieces.Current);
        }
        return new WordTokenizer(LearntVocabulary.Fit(counts.All, size, minimumCount, "word"), lowercase, splitPunctuation);
    }

    /// <summary>Makes a tokenizer again from its <see cref="LearntTokenizer.FittedVocabulary"/>.</summary>
    /// <exception cref="Problems.InvalidInputException">The list cannot have come from such a tokenizer.</exception>
    public static WordTokenizer Restore(IReadOnlyList<string> fittedVocabulary, bool lowercase = false, bool splitPunctuation = false) =>
        new(LearntVocabulary.Restore(fittedVocabulary, piece => WordPieces.IsPiece(piece, splitPunctuation), "word"), lowercase,
            splitPunctuation);

    public override IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>();
        var pieces = new WordPieces(Prepare(text), splitPunctuation);
        while (pieces.MoveNext()) ids.Add(Learnt.IdOf(pieces.Current));
        return ids;
    }

    public override string Decode(IReadOnlyList<int> ids)
    {
        var result = new StringBuilder();
        var joinsNext = true;
        foreach (var id in ids)
        {
            if (id == LearntVocabulary.EndId) continue;
            var (joinsLeft, bare, joinsRight) = surfaces[id];
            if (!joinsNext && !joinsLeft) result.Append(' ');
            result.Append(bare);
            joinsNext = joinsRight;
        }
        return result.ToString();
    }

    public override string TokenText(int id) => Learnt.Tokens[id];
}
