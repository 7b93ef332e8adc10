using TextGan.Learning.Credit;

namespace TextGan.Learning.Baselines;

/// <summary>
/// A number b_t for each token that is subtracted from its return. It must not depend on the token itself, or the gradient
/// becomes biased. One baseline serves one discriminator.
/// </summary>
public abstract class Baseline : LearningPart
{
    /// <summary>
    /// The baseline of each token, of a shape that broadcasts to [B,T], and then whatever is learnt from these returns.
    /// </summary>
    /// <param name="credit">Returns [B,T] (normalised, where a normaliser is on).</param>
    /// <param name="mask">[B,T]: tokens that count.</param>
    /// <param name="hidden">[B,T,H], detached: the generator's state before the token at t is drawn.</param>
    public abstract Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden);

    /// <summary>At a later pass over the batch: what else is learnt from its rows <paramref name="from"/> on. Nothing by default.</summary>
    public virtual void LearnAgain(long from, long count) { }

    /// <summary><see cref="Values"/>, checked where a plug-in brought the baseline.</summary>
    internal Tensor CheckedValues(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        var values = Values(credit, mask, hidden);
        if (PluginComponent.OfBuilt(this) is not { } origin) return values;
        // Whatever broadcasts to [B,T]: each size from the right is that of the mask, or 1.
        var (found, full) = (origin.NotNull(this, nameof(Values), values).shape, mask.shape);
        var fits = found.Length <= full.Length;
        for (var i = 1; fits && i <= found.Length; i++) fits = found[^i] == 1 || found[^i] == full[^i];
        if (!fits)
            throw origin.Fault(this, nameof(Values),
                $"gave values of the shape [{string.Join(',', found)}]; a shape that broadcasts to [{string.Join(',', full)}] is needed.");
        return origin.Floats(this, "values", values, found, mask.device, nameof(Values));
    }
}
