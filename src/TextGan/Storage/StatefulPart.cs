namespace TextGan.Storage;

/// <summary>
/// A part of a run that may have a state, which checkpoints hold, and memory of LibTorch's, which must be freed. By itself it has neither.
/// </summary>
public abstract class StatefulPart : IStateful, IDisposable
{
    public virtual void Save(StateBag bag) { }

    public virtual void Load(StateBag bag) { }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}
