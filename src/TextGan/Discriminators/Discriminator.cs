namespace TextGan.Discriminators;

/// <summary>
/// Judges texts: a high logit means "like my data". It reads ids and, unless its options say otherwise, relaxed tokens
/// by one code path (see TokenEmbedding). It knows neither the generator nor the other discriminators.
/// </summary>
/// <param name="name">The name of the module's type.</param>
/// <param name="vocabularySize">V where it reads relaxed tokens, else null.</param>
public abstract class Discriminator(string name, int? vocabularySize = null) : nn.Module<TextBatch, DiscriminatorOutput>(name)
{
    /// <summary>
    /// V: the width of the relaxed tokens it reads; null where it reads ids alone or does not look at the tokens. A gradient penalty needs
    /// it.
    /// </summary>
    public int? VocabularySize { get; } = vocabularySize;

    /// <summary>
    /// What makes it a structured one, whose logit is f(x) - log q(x) with f the mean of the logits of <see cref="forward"/> that count;
    /// null: its logits are those. No part of the model's weights.
    /// </summary>
    public GeneratorLikelihood? Opponent { get; set; }

    /// <summary>[B,T] ids (or [B,T,V] relaxed tokens) → logits [B,S].</summary>
    public abstract override DiscriminatorOutput forward(TextBatch tokens);

    /// <summary>
    /// How the library calls <see cref="forward"/>: what a plug-in's model says of a batch is checked before anything is computed with it.
    /// One with an <see cref="Opponent"/> gives logits [B,1].
    /// </summary>
    public DiscriminatorOutput Judge(TextBatch tokens)
    {
        if (Opponent is null) return Checked(tokens);
        using var scope = NewDisposeScope();
        var logits = (Checked(tokens).SequenceLogits() - Opponent.OfTexts(tokens)).unsqueeze(1); // [B,1]
        return new DiscriminatorOutput(logits.MoveToOuterDisposeScope());
    }

    /// <summary><see cref="Judge"/> of real and of opposing texts; ids of both in one pass, which is half as many calls.</summary>
    internal (DiscriminatorOutput Real, DiscriminatorOutput Opposing) JudgeBoth(TextBatch real, TextBatch opposing)
    {
        if (opposing.Relaxed is not null) return (Judge(real), Judge(opposing));
        var both = Judge(real.Concat(opposing));
        return (both.Rows(0, real.Batch), both.Rows(real.Batch, opposing.Batch));
    }

    DiscriminatorOutput Checked(TextBatch tokens)
    {
        var output = forward(tokens);
        if (PluginComponent.OfBuilt(this) is not { } origin) return output;
        origin.NotNull(this, nameof(forward), output);
        origin.Floats(this, "logits", output.Logits, [tokens.Batch, -1], tokens.Device, nameof(forward));
        if (output.Mask is { } mask) origin.Floats(this, "a mask", mask, output.Logits.shape, tokens.Device, nameof(forward));
        if (training && !output.Logits.requires_grad && is_grad_enabled() && parameters().Any(parameter => parameter.requires_grad))
            throw origin.Fault(this, nameof(forward),
                "gave logits without a gradient, so its parameters could never learn; compute them from the parameters, outside of " +
                "no_grad().");
        return output;
    }
}
