using TextGan.Generators;
using TextGan.Learning.Rollouts;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Learning.Objectives;

/// <summary>The terms "entropy", "likelihood" and "kl" of the generator's objective, each in nats a token.</summary>
/// <param name="generator">The generator that learns.</param>
/// <param name="reference">Its frozen copy; null where "kl" is not asked for.</param>
/// <param name="startId">The id before the first token.</param>
public sealed class Regularizers(Generator generator, Generator? reference, int startId)
{
    /// <summary>The names of these terms; no discriminator may bear one of them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["entropy", "likelihood", "kl"];

    /// <summary>
    /// Negative entropy of the next-token distribution, mean over the tokens that count: Σ_v p log p. Prefixes are held
    /// fixed: the gradient is that of the conditional distributions.
    /// </summary>
    public Term Entropy(GeneratedBatch batch)
    {
        using var scope = NewDisposeScope();
        var logProbabilities = Logits(batch).log_softmax(-1); // [B,T,V]
        var negative = (logProbabilities.exp() * logProbabilities).sum(-1); // [B,T]
        return TermOf("entropy", MaskedMean(negative, batch.Tokens.Response));
    }

    /// <summary>Negative log-likelihood of real text, mean over its tokens.</summary>
    public Term Likelihood(TokenBatch real)
    {
        using var scope = NewDisposeScope();
        return TermOf("likelihood", TeacherForcing.Loss(generator, real.Ids, real.Response, startId));
    }

    /// <summary>
    /// KL(generator ‖ reference) of the next-token distributions, summed over the vocabulary and averaged over the tokens of
    /// the batch; an unbiased estimate of the sequences' divergence a token. Prefixes are held fixed, as for the entropy.
    /// </summary>
    public Term Kl(GeneratedBatch batch)
    {
        if (reference is null) throw new InvalidOperationException("The term 'kl' needs a frozen reference.");
        using var scope = NewDisposeScope();
        Tensor other;
        using (no_grad()) other = reference.forward(TeacherForcing.Inputs(batch.Tokens.Ids, startId)).log_softmax(-1); // [B,T,V]
        var own = Logits(batch).log_softmax(-1);
        var divergence = (own.exp() * (own - other)).sum(-1); // [B,T]
        return TermOf("kl", MaskedMean(divergence, batch.Tokens.Response));
    }

    /// <summary>[B,T,V] of the batch's ids. Relaxed tokens make logits of other prefixes, and let a gradient run back through them: those texts are read once more.</summary>
    Tensor Logits(GeneratedBatch batch) => batch.Logits ?? generator.forward(TeacherForcing.Inputs(batch.Tokens.Ids, startId));

    static Tensor MaskedMean(Tensor values, Tensor mask) => (values * mask).sum() / mask.sum().clamp_min(Held(1));

    static Term TermOf(string name, Tensor value)
    {
        value.MoveToOuterDisposeScope();
        return new Term(name, value, value.detach().MoveToOuterDisposeScope());
    }
}
