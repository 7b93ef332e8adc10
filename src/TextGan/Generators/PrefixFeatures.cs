namespace TextGan.Generators;

/// <summary>
/// Features of the beginnings of texts by a model that the generator reads and never trains: what a discriminator leaks (LeakGAN,
/// 1709.08624). Nothing that is computed with them gives the model a gradient.
/// </summary>
public abstract class PrefixFeatures : IDisposable
{
    /// <summary>F: the features of a beginning.</summary>
    public abstract int Size { get; }

    /// <summary>The model, whose weights may be replaced by newer ones.</summary>
    public abstract nn.Module Model { get; }

    /// <summary>The features of texts so far. <paramref name="tokens"/> [B,P] int64, without a start token → [B,F].</summary>
    public abstract Tensor Of(Tensor tokens);

    /// <summary>The features of every beginning, from none to all of <paramref name="tokens"/> [B,P] → [B,P+1,F].</summary>
    public abstract Tensor OfAll(Tensor tokens);

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes of the model.</summary>
    protected abstract void Release();
}
