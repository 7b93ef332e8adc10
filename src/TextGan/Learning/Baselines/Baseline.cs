using TextGan.Learning.Credit;
using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Learning.Baselines;

/// <summary>
/// A number b_t for each token that is subtracted from its return. It must not depend on the token itself, or the gradient
/// becomes biased. One baseline serves one discriminator.
/// </summary>
public abstract class Baseline : IStateful, IDisposable
{
    /// <summary>
    /// The baseline of each token, of a shape that broadcasts to [B,T], and then whatever is learnt from these returns.
    /// </summary>
    /// <param name="credit">Returns [B,T] (normalised, where a normaliser is on).</param>
    /// <param name="mask">[B,T]: tokens that count.</param>
    /// <param name="hidden">[B,T,H], detached: the generator's state before the token at t is drawn.</param>
    public abstract Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden);

    public virtual void Save(StateBag bag) { }

    public virtual void Load(StateBag bag) { }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        // The base holds nothing.
    }
}
