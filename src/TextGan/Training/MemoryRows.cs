namespace TextGan.Training;

/// <summary>Rows in one tensor.</summary>
/// <param name="ids">[N,T] int64 on the CPU; disposed of with this.</param>
public sealed class MemoryRows(Tensor ids) : IdRows
{
    readonly Tensor ids = ids.DetachFromDisposeScope();

    public override long Count => ids.shape[0];

    public override Tensor Select(long[] rows)
    {
        using var numbers = tensor(rows, int64);
        return ids.index_select(0, numbers);
    }

    public override Tensor Range(long from, long count) => ids.narrow(0, from, count);

    protected override void Dispose(bool disposing) => ids.Dispose();
}
