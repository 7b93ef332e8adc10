namespace TextGan.Tokenization.SentencePiece;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016) over characters: of all neighbours that are a piece together, those of the highest
/// score are joined first, of equal ones the first in the text. User-defined symbols are never joined to others.
/// </summary>
internal sealed class BpeEncoder(Vocabulary vocabulary) : IPieceEncoder
{
    public List<TextPiece> Encode(ReadOnlySpan<byte> text)
    {
        var merging = new Merging(vocabulary, text);
        merging.Run();
        return merging.Pieces();
    }

    /// <summary>Part of the text in a doubly linked list; its length is 0 once it is joined to the one on its left.</summary>
    record struct Symbol(int Start, int Length, int Previous, int Next, bool IsUserDefined);

    /// <summary>Two neighbours that are a piece together; outdated once their length has changed.</summary>
    readonly record struct Pair(int Left, int Right, int Length);

    /// <summary>The highest score comes first, of equal ones the leftmost.</summary>
    static readonly Comparer<(float Score, int Left)> HighestScoreFirst = Comparer<(float Score, int Left)>.Create(
        (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Left.CompareTo(b.Left));

    ref struct Merging
    {
        readonly Vocabulary vocabulary;
        readonly ReadOnlySpan<byte> text;
        readonly Symbol[] symbols;
        readonly PriorityQueue<Pair, (float, int)> pairs = new(HighestScoreFirst);
        /// <summary>Where unused pieces were joined, to take them apart again.</summary>
        Dictionary<int, int>? joints;

        public Merging(Vocabulary vocabulary, ReadOnlySpan<byte> text)
        {
            this.vocabulary = vocabulary;
            this.text = text;
            symbols = new Symbol[text.Length];
            var count = 0;
            for (var start = 0; start < text.Length; count++)
            {
                var symbol = vocabulary.Symbols.LongestPrefix(text[start..]);
                var length = symbol > 0 ? symbol : Vocabulary.CharacterLength(text[start..]);
                symbols[count] = new(start, length, count - 1, start + length < text.Length ? count + 1 : -1, symbol > 0);
                start += length;
            }
            for (var i = 1; i < count; i++) Propose(i - 1, i);
        }

        public void Run()
        {
            while (pairs.TryDequeue(out var pair, out _))
            {
                ref var left = ref symbols[pair.Left];
                ref var right = ref symbols[pair.Right];
                if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length) continue;
                left.Length = pair.Length;
                left.Next = right.Next;
                if (right.Next >= 0) symbols[right.Next].Previous = pair.Left;
                right.Length = 0;
                Propose(left.Previous, pair.Left);
                Propose(pair.Left, left.Next);
            }
        }

        public readonly List<TextPiece> Pieces()
        {
            var pieces = new List<TextPiece>();
            if (text.IsEmpty) return pieces;
            for (var i = 0; i >= 0; i = symbols[i].Next) Add(text.Slice(symbols[i].Start, symbols[i].Length), pieces);
            return pieces;
        }

        void Propose(int left, int right)
        {
            if (left < 0 || right < 0 || symbols[left].IsUserDefined || symbols[right].IsUserDefined) return;
            var length = symbols[left].Length + symbols[right].Length;
            var id = vocabulary.All.Find(text.Slice(symbols[left].Start, length));
            if (id == PieceTrie.None || vocabulary[id].Type is not (PieceType.Normal or PieceType.UserDefined or PieceType.Unused)) return;
            pairs.Enqueue(new(left, right, length), (vocabulary[id].Score, left));
            if (vocabulary[id].Type == PieceType.Unused) (joints ??= [])[id] = symbols[left].Length;
        }

        readonly void Add(ReadOnlySpan<byte> part, List<TextPiece> pieces)
        {
            var id = vocabulary.IdOf(part);
            if (vocabulary[id].Type == PieceType.Unused && joints is not null && joints.TryGetValue(id, out var joint))
            {
                Add(part[..joint], pieces);
                Add(part[joint..], pieces);
            }
            else pieces.Add(new(part.Length, id));
        }
    }
}
