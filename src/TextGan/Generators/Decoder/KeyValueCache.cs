using static TextGan.Native.KeptTensor;

namespace TextGan.Generators.Decoder;

/// <summary>
/// Keys and values of one layer, in memory of full capacity that is written in place: a step costs the same however long the text is. With
/// gradients the graph's side of it is <see cref="CachedAttention"/>'s.
/// </summary>
sealed class KeyValueCache(int capacity) : IDisposable
{
    Tensor? memory; // [2,B,G,S,D]: keys and values; S is the capacity once a position was written
    Tensor? keys, values; // [B,G,S,D]: views of the memory, made once it has its full size
    Tensor? graph; // the same as the graph sees it; null where no position has a gradient
    long filled;

    /// <summary>Without gradients: adds keys and values [B,G,T,D] and gives all that there are, [B,G,filled,D].</summary>
    public (Tensor Keys, Tensor Values) Append(Tensor newKeys, Tensor newValues)
    {
        Reserve(newKeys);
        if (keys is null) Keep(ref keys, memory![0]);
        if (values is null) Keep(ref values, memory![1]);
        var seen = (Put(keys, newKeys), Put(values, newValues));
        filled += newKeys.shape[2];
        return seen;
    }

    /// <summary>Writes behind what is filled, and gives all of it.</summary>
    Tensor Put(Tensor part, Tensor added)
    {
        using (var place = part.narrow(2, filled, added.shape[2])) place.copy_(added);
        return part.narrow(2, 0, filled + added.shape[2]);
    }

    /// <summary>
    /// With gradients: adds keys and values [B,G,T,D] and attends to all that there are. <paramref name="query"/> [B,heads,T,D], divided by
    /// √D → [B,heads,T,D].
    /// </summary>
    public Tensor Attend(Tensor query, Tensor newKeys, Tensor newValues)
    {
        using var scope = NewDisposeScope();
        Reserve(newKeys);
        var (attended, after) = CachedAttention.Of(query, newKeys, newValues, graph, memory!, filled);
        filled += newKeys.shape[2];
        Keep(ref graph, after);
        return attended.MoveToOuterDisposeScope();
    }

    /// <summary>A cache of its own whose row i is this one's row rows[i].</summary>
    public KeyValueCache Select(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var selected = new KeyValueCache(capacity) { filled = filled };
        if (graph is not null && is_grad_enabled())
        {
            Keep(ref selected.graph, graph.index_select(1, rows));
            Keep(ref selected.memory, selected.graph.detach());
        }
        else if (memory is not null) Keep(ref selected.memory, memory.narrow(3, 0, filled).index_select(1, rows));
        return selected;
    }

    public void Dispose()
    {
        memory?.Dispose();
        keys?.Dispose();
        values?.Dispose();
        graph?.Dispose();
    }

    /// <summary>Room for all positions, with those that are filled already.</summary>
    void Reserve(Tensor like)
    {
        if (memory?.shape[3] == capacity) return;
        var room = empty([2, like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device);
        if (memory is not null) room.narrow(3, 0, filled).copy_(memory);
        Keep(ref memory, room);
        Keep(ref keys, null);
        Keep(ref values, null);
    }
}
