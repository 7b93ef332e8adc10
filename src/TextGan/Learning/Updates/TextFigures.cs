namespace TextGan.Learning.Updates;

/// <summary>What is logged of the texts of a step.</summary>
static class TextFigures
{
    /// <summary>The share of texts with an end token.</summary>
    public const string Ended = "texts/ended";

    const string Length = "texts/length";

    /// <summary>The mean length of responses in tokens, and the share that ended.</summary>
    public static Dictionary<string, Tensor> Of(TextBatch texts, int? endId)
    {
        using var _ = no_grad();
        var figures = new Dictionary<string, Tensor> { [Length] = texts.Response.sum() / Held(texts.Batch) };
        if (endId is { } end) figures[Ended] = EndedIn(texts, end).mean();
        return figures;
    }

    /// <summary>[B] float: 1 where the response has the end token.</summary>
    public static Tensor EndedIn(TextBatch texts, int endId) => (texts.Ids.eq(Held(endId)).to_type(float32) * texts.Response).amax([1L]);
}
