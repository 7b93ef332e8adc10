using System.Runtime.InteropServices;
using TextGan.Native;

namespace TextGan.Learning;

/// <summary>The newest texts with one label, on the CPU.</summary>
/// <param name="most">So many are kept.</param>
sealed class LabelledTexts(int most) : IStateful, IDisposable
{
    Tensor? ids, promptLengths; // [n,T] and [n] int64

    public long Count => ids?.shape[0] ?? 0;

    /// <summary>The number of the oldest that is kept, counted from 0 over all that ever were.</summary>
    public long First { get; private set; }

    /// <summary>Adds texts [m,T] with prompts of the lengths [m], on the CPU; the oldest are dropped where there are too many.</summary>
    public void Add(Tensor moreIds, Tensor lengths)
    {
        using var scope = NewDisposeScope();
        First += Math.Max(0, Count + moreIds.shape[0] - most);
        KeptTensor.Keep(ref ids, Newest(ids, moreIds));
        KeptTensor.Keep(ref promptLengths, Newest(promptLengths, lengths));
    }

    Tensor Newest(Tensor? kept, Tensor more)
    {
        var all = kept is null ? more : cat([kept, more]);
        var dropped = Math.Max(0, all.shape[0] - most);
        return all.narrow(0, dropped, all.shape[0] - dropped).clone();
    }

    /// <summary>The texts of these numbers, from the oldest that is kept.</summary>
    public TextBatch Texts(long[] rows, int? endId, Device device)
    {
        using var numbers = tensor(rows, int64);
        return new TextBatch(ids!.index_select(0, numbers), endId, promptLengths: promptLengths!.index_select(0, numbers)).To(device);
    }

    /// <summary>What tells one of the texts from others.</summary>
    public string[] Keys() => ids is null ? [] : KeysOf(ids);

    /// <summary>The same of any texts, [N,T]: equal where all ids are.</summary>
    public static string[] KeysOf(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var flat = rows.cpu().contiguous().data<long>().ToArray();
        var length = (int)rows.shape[1];
        return [.. Enumerable.Range(0, (int)rows.shape[0]).Select(row =>
            new string(MemoryMarshal.Cast<long, char>(flat.AsSpan(row * length, length))))];
    }

    public void Save(StateBag bag)
    {
        if (ids is null) return;
        bag.Put("ids", ids);
        bag.Put("promptLengths", promptLengths!);
        if (First > 0) bag.Put("first", First);
    }

    public void Load(StateBag bag)
    {
        Dispose();
        if (bag.Has("ids")) Add(bag.GetTensor("ids"), bag.GetTensor("promptLengths"));
        First = bag.Has("first") ? bag.GetLong("first") : 0;
    }

    public void Dispose()
    {
        ids?.Dispose();
        promptLengths?.Dispose();
        (ids, promptLengths) = (null, null);
    }
}
