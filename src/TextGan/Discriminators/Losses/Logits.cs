namespace TextGan.Discriminators.Losses;

/// <summary>The one rule by which every loss averages: over the logits of a text that count, then over texts.</summary>
static class Logits
{
    /// <summary>values [B,S] and mask [B,S] or null → [B]: the mean of each row's values that count; 0 where none does.</summary>
    public static Tensor MeanOfEach(Tensor values, Tensor? mask) =>
        mask is null ? values.mean([1]) : (values * mask).sum(1) / mask.sum(1).clamp_min(Held(1));

    /// <summary>A logit of a pair counts where it counts on both sides: the product of the masks.</summary>
    public static Tensor? Common(Tensor? mask, Tensor? other) => mask is null ? other : other is null ? mask : mask * other;

    /// <summary>[B,S] → the mean over texts of each of the S logits [1,S], and where there is one [1,S] (null: everywhere).</summary>
    public static (Tensor Mean, Tensor? Exists) MeanOverTexts(DiscriminatorOutput output)
    {
        if (output.Mask is null) return (output.Logits.mean([0], keepdim: true), null);
        var count = output.Mask.sum(0, keepdim: true); // [1,S]
        return ((output.Logits * output.Mask).sum(0, keepdim: true) / count.clamp_min(Held(1)), count.gt(Held(0)).to_type(float32));
    }

    /// <summary>
    /// Row i of the result is row i mod R of <paramref name="output"/>'s R rows: a partner for each of <paramref name="count"/> texts.
    /// </summary>
    public static DiscriminatorOutput Partners(DiscriminatorOutput output, long count)
    {
        var available = output.Logits.shape[0];
        if (available == count) return output;
        var rows = Indices(count, int64, output.Logits.device).remainder(Held(available)); // [count]
        return new DiscriminatorOutput(output.Logits.index_select(0, rows), output.Mask?.index_select(0, rows));
    }

    /// <summary>Rejects sides that are not pairs.</summary>
    public static void RequirePairs(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var (mine, theirs) = (real.Logits.shape[0], opposing.Logits.shape[0]);
        if (mine != theirs)
            throw new ArgumentException($"This loss compares pairs: {mine} real texts and {theirs} opposing ones.", nameof(opposing));
    }
}
