namespace TextGan.Learning;

/// <summary>What the algorithm is put together from: it may have state that checkpoints hold, and tensors to dispose of.</summary>
public abstract class LearningPart : IStateful, IDisposable
{
    /// <summary>
    /// What its last use has found and the log is to have (<see cref="Runs.Format.MetricLine"/>): 0-dim tensors by name, asked for when a
    /// step's gradient is there.
    /// </summary>
    public virtual IEnumerable<KeyValuePair<string, Tensor>> Figures => [];

    public virtual void Save(StateBag bag) { }

    public virtual void Load(StateBag bag) { }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes of what it holds.</summary>
    protected virtual void Release() { }
}
