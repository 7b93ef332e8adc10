namespace TextGan.Discriminators.Losses;

/// <summary>
/// Both sides of an adversarial game as functions of logits. Every loss averages alike: over those of a text's S logits that
/// count (its mask), then over texts. Where a loss compares a pair of texts, a logit counts where it counts in both; a pair
/// without a common one adds 0. Temporary tensors belong to the caller's scope.
/// </summary>
public abstract class AdversarialLoss
{
    /// <summary>
    /// The discriminator's loss, a scalar: the mean over the batch of the loss of real against opposing texts (index-matched
    /// pairs where the loss compares pairs); over S, the mean of the logits that count.
    /// </summary>
    public abstract Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing);

    /// <summary>
    /// The generator's loss of each generated text: [B]; smaller means the discriminator is more deceived.
    /// <paramref name="real"/> is given where <see cref="GeneratorReadsReal"/>.
    /// </summary>
    public abstract Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real);

    /// <summary>Whether the generator's loss compares with real texts (relativistic losses).</summary>
    public virtual bool GeneratorReadsReal => false;

    /// <summary>
    /// How many real texts the generator's loss of <paramref name="generated"/> texts compares with; as many, unless a loss says otherwise.
    /// </summary>
    public virtual int RealTexts(int generated) => generated;

    /// <summary>
    /// Both sides' scores as logits, for figures of how well they are told apart, where the discriminator's own logits do not learn. The
    /// real side may lose rows, the other keeps its order and number.
    /// </summary>
    public virtual (DiscriminatorOutput Real, DiscriminatorOutput Opposing) Scores(
        DiscriminatorOutput real, DiscriminatorOutput opposing) => (real, opposing);

    /// <summary>
    /// A penalty on the discriminator that needs its inputs (gradient penalty): a scalar, or null if the loss has no penalty.
    /// </summary>
    public virtual Tensor? Penalty(Discriminator discriminator, TextBatch real, TextBatch opposing) => null;

    /// <summary>
    /// The score above which a text is taken for real, a scalar tensor without a graph: 0, unless the loss pulls the sides
    /// elsewhere. Losses that only know differences of logits have no fixed one: theirs is midway between both sides' means.
    /// </summary>
    public virtual Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => zeros([], device: real.Logits.device);

    /// <summary>
    /// The share of texts on the right side of <paramref name="threshold"/>, a scalar tensor without a graph: real texts whose
    /// score (the mean of the logits that count) is above it, others whose score is below. A score right on it counts half, so
    /// that a constant judge has an accuracy of one half. Nothing waits for the device until the value is read.
    /// </summary>
    public static Tensor Accuracy(DiscriminatorOutput output, bool real, Tensor threshold)
    {
        using var _ = no_grad();
        var above = (output.SequenceLogits() - threshold).sign(); // [B]: -1, 0 or 1
        return ((real ? above : -above).Plus(1) / Held(2)).mean();
    }

    /// <summary>
    /// The share of index-matched pairs whose real (preferred) text scores higher, a scalar tensor without a graph; a tie counts half.
    /// </summary>
    public static Tensor PairAccuracy(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        Logits.RequirePairs(real, opposing);
        using var _ = no_grad();
        return ((real.SequenceLogits() - opposing.SequenceLogits()).sign().Plus(1) / Held(2)).mean();
    }

    /// <summary>Midway between the mean scores of both sides.</summary>
    protected static Tensor Midpoint(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        using var _ = no_grad();
        return real.SequenceLogits().mean().Plus(opposing.SequenceLogits().mean()) / Held(2);
    }
}
