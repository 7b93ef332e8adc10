namespace TextGan.Metrics.LanguageModels;

/// <summary>Texts as language models read them: token ids, and the end token of those that ended.</summary>
public static class WholeTexts
{
    /// <summary>Generated texts; of texts with prompts the responses.</summary>
    public static IReadOnlyList<int[]> Of(EvaluationContext context, TextEncoder encoder)
    {
        if (encoder.Tokenizer.EndId is not { } end) return context.Tokens;
        var counted = context.Batch is { } batch ? Counted(batch) : null;
        return [.. context.Tokens.Select((text, i) =>
            text.Length < (counted is null ? encoder.Length : counted[i]) ? [.. text, end] : text)];
    }

    /// <summary>Real texts, cut as generated ones are.</summary>
    public static IReadOnlyList<int[]> Of(IEnumerable<string> texts, TextEncoder encoder) => [.. encoder.Tokens(texts).Select(text =>
        text.Length < encoder.Length && encoder.Tokenizer.EndId is { } end ? [.. text, end] : text)];

    /// <summary>Tokens of each response, its end included.</summary>
    static long[] Counted(TextBatch batch)
    {
        using var scope = NewDisposeScope();
        return batch.Response.sum(1).to_type(int64).cpu().data<long>().ToArray();
    }
}
