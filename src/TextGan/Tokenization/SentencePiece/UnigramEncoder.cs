namespace TextGan.Tokenization.SentencePiece;

/// <summary>
/// The most probable sequence of pieces under a unigram language model (Kudo 2018), by Viterbi's algorithm. A character that no
/// piece has counts ten less than the least probable piece. Sums are rounded where SentencePiece rounds them, since near-ties
/// decide about ids.
/// </summary>
internal sealed class UnigramEncoder : IPieceEncoder
{
    const float UnknownPenalty = 10;

    /// <summary>SentencePiece's lower bound of the highest score: the smallest normal number.</summary>
    const float LeastHighest = 1.17549435e-38f;

    readonly Vocabulary vocabulary;
    readonly float highest;
    readonly float unknownScore;

    public UnigramEncoder(Vocabulary vocabulary, IEnumerable<Piece> pieces)
    {
        var scores = pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score).DefaultIfEmpty().ToArray();
        this.vocabulary = vocabulary;
        highest = Math.Max(LeastHighest, scores.Max());
        unknownScore = scores.Min() - UnknownPenalty;
    }

    /// <summary>
    /// The best sequence of pieces up to a place in the text: its score and its last piece; length 0 if none leads there.
    /// </summary>
    record struct Best(float Score, int Length, int Id);

    public List<TextPiece> Encode(ReadOnlySpan<byte> text)
    {
        var best = new Best[text.Length + 1];
        for (int start = 0, character; start < text.Length; start += character)
        {
            character = Vocabulary.CharacterLength(text[start..]);
            var before = best[start].Score;
            var isKnown = false;
            var node = PieceTrie.Root;
            for (var end = start; end < text.Length;)
            {
                node = vocabulary.All.Next(node, text[end]);
                if (node == PieceTrie.None) break;
                var (length, id) = (++end - start, vocabulary.All.IdAt(node));
                if (id == PieceTrie.None || vocabulary[id].Type is not (PieceType.Normal or PieceType.UserDefined)) continue;
                Offer(ref best[end], ScoreOf(id, length) + before, length, id);
                isKnown |= length == character;
            }
            if (!isKnown) Offer(ref best[start + character], unknownScore + before, character, vocabulary.UnknownId);
        }
        var pieces = new List<TextPiece>();
        for (var end = text.Length; end > 0; end -= best[end].Length) pieces.Add(new(best[end].Length, best[end].Id));
        pieces.Reverse();
        return pieces;
    }

    /// <summary>A user-defined symbol counts more than any way to cut it.</summary>
    double ScoreOf(int id, int length) => vocabulary[id].Type == PieceType.UserDefined ? length * highest - 0.1 : vocabulary[id].Score;

    static void Offer(ref Best best, double score, int length, int id)
    {
        if (best.Length == 0 || score > best.Score) best = new((float)score, length, id);
    }
}
