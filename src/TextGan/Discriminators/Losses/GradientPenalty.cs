using TextGan.Native;

namespace TextGan.Discriminators.Losses;

/// <summary>
/// The gradient penalty of WGAN-GP (1704.00028, equation 3): E (‖∇D(x̂)‖₂ - 1)², where x̂ lies at a random point between a
/// real and an opposing text; and R1, its kin at real texts alone. The gradient is that of the text's score in its tokens [T,V].
/// </summary>
public static class GradientPenalty
{
    /// <summary>The penalty, unweighted: a scalar whose gradient reaches the discriminator's parameters.</summary>
    /// <param name="discriminator">Reads relaxed tokens and can be differentiated twice.</param>
    /// <param name="real">B texts, as ids or relaxed.</param>
    /// <param name="opposing">B texts, as ids or relaxed; no gradient goes back to them.</param>
    public static Tensor Of(Discriminator discriminator, TextBatch real, TextBatch opposing)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        // One draw a pair, on the CPU whatever the device, so that a run does not depend on it.
        var share = DeviceCopy.Of(rand([real.Batch, 1, 1]), real.Device); // [B,1,1]
        var between = Between(real, opposing, share, VocabularySize(discriminator, real, opposing));
        // The small number keeps the root differentiable where the gradient is 0.
        var norm = SquaredNorms(discriminator, between).Plus(1e-12).sqrt(); // [B]
        return (norm - Held(1)).Squared().mean().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// R1 without its weight γ/2 (Mescheder et al. 1801.04406, equation 9): E ‖∇D(x)‖² over real texts, where the gradient is that of the
    /// text's score in its tokens [T,V], as one-hot vectors. A scalar whose gradient reaches the discriminator's parameters.
    /// </summary>
    /// <param name="discriminator">Reads relaxed tokens and can be differentiated twice.</param>
    /// <param name="real">B texts, as ids.</param>
    public static Tensor AtReal(Discriminator discriminator, TextBatch real)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var tokens = nn.functional.one_hot(real.Ids, VocabularySize(discriminator, real, real)).to_type(float32); // [B,T,V]
        var texts = TextBatch.WithMask(real.Ids, real.Mask, tokens.requires_grad_(), real.HasPrompts ? real.Response : null);
        return SquaredNorms(discriminator, texts).mean().MoveToOuterDisposeScope();
    }

    /// <summary>[B]: ‖∇D‖² of each text in its relaxed tokens, which want a gradient; can be differentiated itself.</summary>
    static Tensor SquaredNorms(Discriminator discriminator, TextBatch texts)
    {
        Tensor score;
        using (SecondDerivatives.Want()) score = discriminator.Judge(texts).SequenceLogits().sum();
        if (!score.requires_grad
            || BackwardPass.Gradients(score, [texts.Relaxed!], retainGraph: true, createGraph: true)[0] is not { } gradient)
            throw new InvalidOperationException(
                $"A gradient penalty needs a discriminator that can be differentiated in its tokens; {discriminator.GetName()} cannot.");
        return gradient.Squared().sum([1, 2]);
    }

    /// <summary>
    /// share · real + (1 - share) · opposing, relaxed tokens [B,T,V] that want a gradient. A position counts where it counts in
    /// either text.
    /// </summary>
    /// <param name="real">B texts.</param>
    /// <param name="opposing">B texts of the same length.</param>
    /// <param name="share">[B,1,1] in 0..1.</param>
    /// <param name="vocabularySize">V.</param>
    public static TextBatch Between(TextBatch real, TextBatch opposing, Tensor share, int vocabularySize)
    {
        if (real.Batch != opposing.Batch)
            throw new ArgumentException($"A gradient penalty mixes pairs: {real.Batch} real texts and {opposing.Batch} opposing ones.",
                nameof(opposing));
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var mixed = zeros([real.Batch, real.Length, vocabularySize], device: real.Device); // [B,T,V]
        Add(mixed, real, share);
        Add(mixed, opposing, Held(1).Minus(share));
        var realIsLonger = real.Mask.sum(1, keepdim: true).ge(opposing.Mask.sum(1, keepdim: true)); // [B,1]
        return TextBatch.WithMask(
            where(realIsLonger, real.Ids, opposing.Ids).MoveToOuterDisposeScope(),
            maximum(real.Mask, opposing.Mask).MoveToOuterDisposeScope(),
            mixed.MoveToOuterDisposeScope().requires_grad_(),
            real.HasPrompts || opposing.HasPrompts ? maximum(real.Response, opposing.Response).MoveToOuterDisposeScope() : null);
    }

    static void Add(Tensor sum, TextBatch tokens, Tensor share)
    {
        if (tokens.Relaxed is { } relaxed) sum.AddInPlace(relaxed * share);
        else sum.scatter_add_(2, tokens.Ids.unsqueeze(2), share.expand(-1, tokens.Length, -1));
    }

    static int VocabularySize(Discriminator discriminator, TextBatch real, TextBatch opposing) =>
        discriminator.VocabularySize ?? (int?)(real.Relaxed ?? opposing.Relaxed)?.shape[2]
        ?? throw new InvalidOperationException(
            $"A gradient penalty needs a discriminator that reads relaxed tokens and tells its vocabulary size; " +
            $"{discriminator.GetName()} does not.");
}
