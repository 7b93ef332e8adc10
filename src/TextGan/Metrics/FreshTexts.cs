using TextGan.Data;
using TextGan.Generators.Sampling;

namespace TextGan.Metrics;

/// <summary>The texts of one side that a fresh discriminator reads: those with a property, if only these take part.</summary>
static class FreshTexts
{
    /// <summary>Of a rare property so many times the wanted number of texts are drawn at most.</summary>
    const int MostDraws = 50;

    /// <summary>
    /// The rows of so many real texts at most, with the lengths of their prompts, in an order of chance that is the same each time.
    /// </summary>
    public static IReadOnlyList<(long[] Row, int PromptLength)> Real(DataSplit split,
        Func<IReadOnlyList<string>, IReadOnlyList<bool>>? holds, int count, TextEncoder encoder)
    {
        var random = new SeededRandom(1, "fresh discriminator's real texts");
        var having = holds?.Invoke(split.Texts);
        int[] numbers = [.. Enumerable.Range(0, split.Texts.Count).Where(i => having?[i] != false).OrderBy(_ => random.Next()).Take(count)];
        var rows = new (long[], int)[numbers.Length];
        foreach (var place in Enumerable.Range(0, numbers.Length).OrderBy(place => numbers[place])) // texts of a file in rising order
        {
            var (number, row) = (numbers[place], new long[encoder.Length]);
            rows[place] = (row, encoder.EncodeRow(
                split.Texts[number], row, split.Prompts?[number], split.HasControls, split.Drawn?[number]).PromptLength);
        }
        return rows;
    }

    /// <summary>These rows as texts: [n,T] on the CPU.</summary>
    public static TextBatch Of(IReadOnlyList<(long[] Row, int PromptLength)> rows, TextEncoder encoder) => new(
        tensor(rows.SelectMany(row => row.Row).ToArray(), [rows.Count, encoder.Length], int64), encoder.Tokenizer.EndId,
        promptLengths: rows.Any(row => row.PromptLength > 0) ? tensor(rows.Select(row => (long)row.PromptLength).ToArray()) : null);

    /// <summary>So many texts of a generator, or as many as a limited number of draws gives: [n,T] on the CPU.</summary>
    public static TextBatch Generated(EvaluationContext context, Generator generator, string purpose, int count, TextEncoder encoder,
        int batchSize, Func<IReadOnlyList<string>, IReadOnlyList<bool>>? holds, SamplingOptions? sampling = null)
    {
        var parts = new List<TextBatch>();
        var found = 0L;
        for (var from = 0; found < count && from < (long)count * (holds is null ? 1 : MostDraws); from += batchSize)
        {
            var drawn = context.Draw!(generator, purpose, from, batchSize, sampling);
            var having = holds?.Invoke([.. encoder.Responses(drawn).Select(row => encoder.Tokenizer.Decode(row))]);
            var kept = Enumerable.Range(0, batchSize).Where(i => having?[i] != false).Take((int)(count - found))
                .Select(i => (long)i).ToArray();
            found += kept.Length;
            if (kept.Length > 0) parts.Add(Rows(drawn, kept));
        }
        return parts.Count == 0 ? new TextBatch(empty([0, encoder.Length], int64), encoder.Tokenizer.EndId) : Joined(parts);
    }

    /// <summary>The rows of these numbers.</summary>
    public static TextBatch Rows(TextBatch texts, long[] numbers)
    {
        using var rows = tensor(numbers, device: texts.Device);
        return TextBatch.WithMask(texts.Ids.index_select(0, rows), texts.Mask.index_select(0, rows),
            response: texts.HasPrompts ? texts.Response.index_select(0, rows) : null);
    }

    static TextBatch Joined(List<TextBatch> parts) => TextBatch.WithMask(
        cat([.. parts.Select(part => part.Ids)]), cat([.. parts.Select(part => part.Mask)]),
        response: parts[0].HasPrompts ? cat([.. parts.Select(part => part.Response)]) : null);
}
