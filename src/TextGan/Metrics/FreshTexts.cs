using TextGan.Data;

namespace TextGan.Metrics;

/// <summary>The texts of one side that a fresh discriminator reads: those with a property, if only these take part.</summary>
static class FreshTexts
{
    const int Chunk = 256;

    /// <summary>Of a rare property so many times the wanted number of texts are drawn at most.</summary>
    const int MostDraws = 50;

    /// <summary>So many real texts with their prompts, at most, in an order of chance that is the same each time.</summary>
    public static IReadOnlyList<(string Text, string? Prompt)> Real(IReadOnlyList<string> texts, IReadOnlyList<string>? prompts,
        Func<IReadOnlyList<string>, IReadOnlyList<bool>>? holds, int count)
    {
        var random = new SeededRandom(1, "fresh discriminator's real texts");
        var having = holds?.Invoke(texts);
        return [.. Enumerable.Range(0, texts.Count).Where(i => having?[i] != false)
            .OrderBy(_ => random.Next()).Take(count).Select(i => (texts[i], prompts?[i]))];
    }

    /// <summary>The same, encoded: [n,T] on the CPU.</summary>
    public static TextBatch Encode(IReadOnlyList<(string Text, string? Prompt)> texts, TextEncoder encoder)
    {
        var flat = new long[texts.Count * encoder.Length];
        long[] lengths = [.. texts.Select((text, i) =>
            (long)encoder.EncodeRow(text.Text, flat.AsSpan(i * encoder.Length, encoder.Length), text.Prompt).PromptLength)];
        return new TextBatch(tensor(flat, [texts.Count, encoder.Length], int64), encoder.Tokenizer.EndId,
            promptLengths: lengths.Any(length => length > 0) ? tensor(lengths) : null);
    }

    /// <summary>So many texts of a generator, or as many as a limited number of draws gives: [n,T] on the CPU.</summary>
    public static TextBatch Generated(EvaluationContext context, Generator generator, string purpose, int count, TextEncoder encoder,
        Func<IReadOnlyList<string>, IReadOnlyList<bool>>? holds)
    {
        var parts = new List<TextBatch>();
        var found = 0L;
        for (var from = 0; found < count && from < (long)count * (holds is null ? 1 : MostDraws); from += Chunk)
        {
            var drawn = context.Draw!(generator, purpose, from, Chunk);
            var having = holds?.Invoke([.. encoder.Responses(drawn).Select(row => encoder.Tokenizer.Decode(row))]);
            long[] kept = [.. Enumerable.Range(0, Chunk).Where(i => having?[i] != false).Select(i => (long)i).Take((int)(count - found))];
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
