using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace TextGan.Tokenization;

/// <summary>
/// Unicode characters (scalar values), with a vocabulary learnt from text. Id 0 is the start, the end and the padding; id 1
/// stands for every character that the vocabulary does not have and is decoded as U+FFFD. Decoding what was encoded gives
/// exactly the text back, if the vocabulary has all of its characters.
/// </summary>
public sealed class CharacterTokenizer : LearntTokenizer
{
    CharacterTokenizer(LearntVocabulary vocabulary, bool lowercase) : base(vocabulary, lowercase) { }

    /// <summary>Learns a vocabulary of at most <paramref name="size"/> tokens, the two special ones included.</summary>
    /// <exception cref="Problems.InvalidInputException">No character occurs often enough.</exception>
    public static CharacterTokenizer Fit(IEnumerable<string> texts, int size = 10_000, int minimumCount = 1, bool lowercase = false)
    {
        var counts = new Dictionary<Rune, long>();
        foreach (var text in texts)
        {
            foreach (var rune in Prepare(text, lowercase).EnumerateRunes()) CollectionsMarshal.GetValueRefOrAddDefault(
                counts, rune, out _)++;
        }
        var entries = counts.Select(entry => KeyValuePair.Create(entry.Key.ToString(), entry.Value));
        return new CharacterTokenizer(LearntVocabulary.Fit(entries, size, minimumCount, "character"), lowercase);
    }

    /// <summary>Makes a tokenizer again from its <see cref="LearntTokenizer.FittedVocabulary"/>.</summary>
    /// <exception cref="Problems.InvalidInputException">The list cannot have come from such a tokenizer.</exception>
    public static CharacterTokenizer Restore(IReadOnlyList<string> fittedVocabulary, bool lowercase = false) =>
        new(LearntVocabulary.Restore(fittedVocabulary, piece => Rune.DecodeFromUtf16(piece, out _, out var length) == OperationStatus.Done
            && length == piece.Length, "character"), lowercase);

    public override IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>(text.Length);
        ReadOnlySpan<char> rest = Prepare(text);
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf16(rest, out _, out var length);
            ids.Add(Learnt.IdOf(rest[..length]));
            rest = rest[length..];
        }
        return ids;
    }

    public override string Decode(IReadOnlyList<int> ids)
    {
        var result = new StringBuilder(ids.Count);
        foreach (var id in ids)
        {
            if (id == LearntVocabulary.EndId) continue;
            result.Append(id == LearntVocabulary.UnknownId ? "\uFFFD" : Learnt.Tokens[id]);
        }
        return result.ToString();
    }

    public override string TokenText(int id) => id <= LearntVocabulary.UnknownId ? Learnt.Tokens[id]
        : UnicodeText.Visible(Learnt.Tokens[id]);
}
