using TextGan.Data;
using TextGan.Tokenization;

namespace TextGan.Training;

/// <summary>One side of a data set, training or held out, as rows of ids, and what encoding did to it.</summary>
/// <param name="Texts">Rows of the texts (of pairs the chosen ones).</param>
/// <param name="Rejected">Rows of the rejected texts, index-matched; null where there are none.</param>
/// <param name="Counts">What encoding did.</param>
public sealed record EncodedSide(IdRows Texts, IdRows? Rejected, EncodedSideCounts Counts) : IDisposable
{
    /// <summary>Encodes one side, each text once. Pairs whose texts come to the same row are passed over: they would teach nothing.</summary>
    /// <param name="split">Its texts.</param>
    /// <param name="encoder">Tokenizer and row length.</param>
    /// <param name="seen">Hears each text, rejected ones too, with all of its ids.</param>
    public static EncodedSide Of(DataSplit split, TextEncoder encoder, Action<string, IReadOnlyList<int>>? seen = null)
    {
        using var texts = IdRowsWriter.For(split.Texts.Count, split.Streamed, encoder);
        var counts = new EncodedTextCounts(encoder);
        var row = new long[encoder.Length];
        if (split.Rejected is not { } others)
        {
            foreach (var text in split.Texts)
            {
                Encode(text, row, counts);
                texts.Add(row);
            }
            return new(texts.Finish(), null, new(counts));
        }
        using var rejected = IdRowsWriter.For(others.Count, split.Streamed, encoder);
        var rejectedCounts = new EncodedTextCounts(encoder);
        var rejectedRow = new long[encoder.Length];
        var equal = 0L;
        foreach (var (text, other) in split.Texts.Zip(others))
        {
            Encode(text, row, counts);
            Encode(other, rejectedRow, rejectedCounts);
            if (row.AsSpan().SequenceEqual(rejectedRow))
            {
                equal++;
                continue;
            }
            texts.Add(row);
            rejected.Add(rejectedRow);
        }
        return new(texts.Finish(), rejected.Finish(), new(counts, rejectedCounts, equal));

        void Encode(string text, long[] target, EncodedTextCounts noted)
        {
            var ids = encoder.EncodeRow(text, target);
            noted.Add(ids);
            seen?.Invoke(text, ids);
        }
    }

    public void Dispose()
    {
        Texts.Dispose();
        Rejected?.Dispose();
    }
}
