using TextGan.Generators;

namespace TextGan.Discriminators;

/// <summary>The log-likelihood of texts, or of their tokens, under a frozen model. It has no parameters of its own.</summary>
public sealed class LanguageModelDiscriminator : Discriminator
{
    readonly FrozenLikelihood likelihood; // no module: its weights are not this one's
    readonly double? lengthPower, cap;

    /// <param name="vocabularySize">V.</param>
    /// <param name="likelihood">Of tokens.</param>
    /// <param name="lengthPower">α of <see cref="LogLikelihood.OfTexts"/>; null: a logit per token.</param>
    /// <param name="cap">The highest logit; null for none.</param>
    public LanguageModelDiscriminator(int vocabularySize, FrozenLikelihood likelihood, double? lengthPower = 1, double? cap = null)
        : base(nameof(LanguageModelDiscriminator), vocabularySize)
    {
        (this.likelihood, this.lengthPower, this.cap) = (likelihood, lengthPower, cap);
        RegisterComponents();
    }

    /// <summary>
    /// [B,T] ids (or [B,T,V] relaxed tokens) → logits [B,1], or [B,T] with the response's mask for one per token (0 in the prompt and after
    /// the end).
    /// </summary>
    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        var ofTokens = likelihood.Of(tokens); // [B,T]
        var logits = lengthPower is { } power ? LogLikelihood.OfTexts(ofTokens, tokens.Response, power).unsqueeze(1) : ofTokens;
        if (cap is { } highest) logits = logits.clamp_max(Held(highest));
        if (lengthPower is not null) return new DiscriminatorOutput(logits.MoveToOuterDisposeScope());
        return new DiscriminatorOutput((logits * tokens.Response).MoveToOuterDisposeScope(),
            tokens.Response.alias().MoveToOuterDisposeScope());
    }
}
