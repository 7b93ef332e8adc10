using TextGan.Native;

namespace TextGan.Training;

/// <summary>
/// Rows in one tensor. On an accelerator that reads from them they have a copy, unless they are too many: then only what is asked for is
/// sent there, each time.
/// </summary>
/// <param name="ids">[N,T] int64 on the CPU; disposed of with this.</param>
public sealed class MemoryRows(Tensor ids) : IdRows
{
    /// <summary>Bytes of one copy at most; larger rows stay in main memory.</summary>
    const long LargestCopy = 512 << 20;

    readonly Tensor ids = ids.DetachFromDisposeScope();
    readonly Dictionary<string, Tensor> copies = [];

    public override long Count => ids.shape[0];

    public override Tensor Select(long[] rows)
    {
        using var numbers = tensor(rows, int64);
        return ids.index_select(0, numbers);
    }

    public override Tensor Range(long from, long count) => ids.narrow(0, from, count);

    protected override Tensor Select(long[] rows, Device device)
    {
        if (CopyOn(device) is not { } copy) return base.Select(rows, device);
        using var scope = NewDisposeScope();
        return copy.index_select(0, DeviceCopy.Of(tensor(rows, int64), device)).MoveToOuterDisposeScope();
    }

    protected override Tensor Range(long from, long count, Device device) =>
        CopyOn(device)?.narrow(0, from, count) ?? base.Range(from, count, device);

    Tensor? CopyOn(Device device)
    {
        if (!DeviceCopy.IsNeeded(ids, device) || ids.numel() * sizeof(long) > LargestCopy) return null;
        if (!copies.TryGetValue(device.ToString(), out var copy))
            copies[device.ToString()] = copy = ids.to(device).DetachFromDisposeScope();
        return copy;
    }

    protected override void Dispose(bool disposing)
    {
        ids.Dispose();
        foreach (var copy in copies.Values) copy.Dispose();
    }
}
