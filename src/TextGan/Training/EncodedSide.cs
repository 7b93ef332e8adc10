using TextGan.Data;

namespace TextGan.Training;

/// <summary>One side of a data set, training or held out, as rows of ids, and what encoding did to it.</summary>
/// <param name="Texts">Rows of the texts (of pairs the chosen ones).</param>
/// <param name="Rejected">Rows of the rejected texts, index-matched; null where there are none.</param>
/// <param name="Counts">What encoding did.</param>
public sealed record EncodedSide(IdRows Texts, IdRows? Rejected, EncodedSideCounts Counts) : IDisposable
{
    /// <summary>Encodes one side, each text once. Pairs whose texts come to the same row are skipped: they would teach nothing.</summary>
    /// <param name="split">Its texts; where it has prompts, a row is a prompt and its text.</param>
    /// <param name="encoder">Tokenizer and row length.</param>
    /// <param name="seen">Hears each text, rejected ones too, with all of its ids.</param>
    public static EncodedSide Of(DataSplit split, TextEncoder encoder, Action<string, EncodedText>? seen = null)
    {
        using var writer = new PromptedRowsWriter(split.Texts.Count, split, encoder);
        using var rejectedWriter = split.Rejected is { } others ? new PromptedRowsWriter(others.Count, split, encoder) : null;
        var (counts, rejectedCounts) = (new EncodedTextCounts(encoder), new EncodedTextCounts(encoder));
        var (row, rejectedRow) = (new long[encoder.Length], new long[encoder.Length]);
        var (equal, prompts, cutPrompts, number) = (0L, 0L, 0L, -1);
        using var rejected = split.Rejected?.GetEnumerator();
        using var prompt = split.Prompts?.GetEnumerator();
        foreach (var text in split.Texts)
        {
            prompt?.MoveNext();
            number++;
            var encoded = Encode(text, split.Drawn?[number], row, counts);
            if (encoded.Prompt.Count > 0) prompts++;
            if (encoded.Prompt.Count > encoded.PromptLength) cutPrompts++;
            if (rejected is not null)
            {
                rejected.MoveNext();
                Encode(rejected.Current, split.DrawnRejected?[number], rejectedRow, rejectedCounts);
                if (row.AsSpan().SequenceEqual(rejectedRow))
                {
                    equal++;
                    continue;
                }
                rejectedWriter!.Add(rejectedRow, encoded.PromptLength);
            }
            writer.Add(row, encoded.PromptLength);
        }
        var sideCounts = new EncodedSideCounts(counts, split.Rejected is null ? null : rejectedCounts, equal)
        {
            Prompts = prompt is null ? null : prompts, CutPrompts = prompt is null ? null : cutPrompts,
        };
        return new(writer.Finish(), rejectedWriter?.Finish(), sideCounts);

        EncodedText Encode(string text, int[]? drawn, long[] target, EncodedTextCounts noted)
        {
            var encoded = encoder.EncodeRow(text, target, prompt?.Current, split.HasControls, drawn);
            noted.Add(encoded);
            seen?.Invoke(text, encoded);
            return encoded;
        }
    }

    public void Dispose()
    {
        Texts.Dispose();
        Rejected?.Dispose();
    }
}
