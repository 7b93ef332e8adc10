using static TorchSharp.torch;

namespace TextGan.Generators.Decoder;

/// <summary>
/// Keys and values of one layer. Without gradients they stand in a buffer of full capacity that is written in place, so that a step costs
/// the same however long the text is. With gradients they are concatenated: the graph needs the earlier ones unchanged.
/// </summary>
sealed class KeyValueCache(int capacity) : IDisposable
{
    Tensor? keys; // [B,G,capacity,D] as a buffer, else [B,G,filled,D]
    Tensor? values;
    long filled;

    /// <summary>Adds keys and values [B,G,T,D] and gives all that there are, [B,G,filled,D].</summary>
    public (Tensor Keys, Tensor Values) Append(Tensor newKeys, Tensor newValues)
    {
        using var scope = NewDisposeScope();
        var steps = newKeys.shape[2];
        if (is_grad_enabled())
        {
            if (keys is not null) newKeys = cat([Used(keys), newKeys], 2);
            if (values is not null) newValues = cat([Used(values), newValues], 2);
            keys = Replace(keys, newKeys.alias());
            values = Replace(values, newValues.alias());
        }
        else
        {
            keys = Write(keys, newKeys, steps);
            values = Write(values, newValues, steps);
        }
        filled += steps;
        return (Used(keys).MoveToOuterDisposeScope(), Used(values).MoveToOuterDisposeScope());
    }

    /// <summary>A cache of its own whose row i is this one's row rows[i].</summary>
    public KeyValueCache Select(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return new KeyValueCache(capacity)
        {
            keys = keys is null ? null : Used(keys).index_select(0, rows).DetachFromDisposeScope(),
            values = values is null ? null : Used(values).index_select(0, rows).DetachFromDisposeScope(),
            filled = filled,
        };
    }

    public void Dispose()
    {
        keys?.Dispose();
        values?.Dispose();
    }

    Tensor Used(Tensor all) => all.narrow(2, 0, filled);

    Tensor Write(Tensor? all, Tensor added, long steps)
    {
        if (all is null || all.shape[2] < capacity || all.requires_grad)
        {
            var buffer = empty([added.shape[0], added.shape[1], capacity, added.shape[3]], added.dtype, added.device);
            if (all is not null) buffer.narrow(2, 0, filled).copy_(Used(all));
            all = Replace(all, buffer);
        }
        all.narrow(2, filled, steps).copy_(added);
        return all;
    }

    static Tensor Replace(Tensor? old, Tensor replacement)
    {
        old?.Dispose();
        return replacement.DetachFromDisposeScope();
    }
}
