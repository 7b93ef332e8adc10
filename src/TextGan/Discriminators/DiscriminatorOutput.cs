namespace TextGan.Discriminators;

/// <summary>What a discriminator says of a batch.</summary>
/// <param name="Logits">[B,S] float, higher means more like the real side of its data: S=1 for a logit per sequence, S=T for one per step,
/// S=R for R representations (RelGAN).</param>
/// <param name="Mask">[B,S] float, 1 where a logit counts; null where all do.</param>
public sealed record DiscriminatorOutput(Tensor Logits, Tensor? Mask = null)
{
    /// <summary>
    /// [B,F]: the features of each text from which the logits are computed, before dropout; null where a kind shows none.
    /// </summary>
    public Tensor? Features { get; init; }

    /// <summary>Rows <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/>, as views.</summary>
    public DiscriminatorOutput Rows(long from, long count) => new(Logits.narrow(0, from, count), Mask?.narrow(0, from, count))
        { Features = Features?.narrow(0, from, count) };

    /// <summary>The s-th logit of each text alone, [B,1], as views.</summary>
    public DiscriminatorOutput Logit(long s) => new(Logits.narrow(1, s, 1), Mask?.narrow(1, s, 1));

    /// <summary>[B]: the mean of the logits that count; for S=1 the logit itself.</summary>
    public Tensor SequenceLogits() => Losses.Logits.MeanOfEach(Logits, Mask);

    /// <summary>The features, for a loss that compares them.</summary>
    /// <exception cref="RunFailedException">The discriminator shows none.</exception>
    public Tensor RequireFeatures() => Features ?? throw new RunFailedException(
        "A loss compares features of texts, but the discriminator shows none (DiscriminatorOutput.Features).");
}
