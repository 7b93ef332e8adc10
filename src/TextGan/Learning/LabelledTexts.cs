using TextGan.Native;

namespace TextGan.Learning;

/// <summary>The newest texts with one label, on the CPU.</summary>
/// <param name="most">So many are kept.</param>
sealed class LabelledTexts(int most) : IStateful, IDisposable
{
    Tensor? ids, promptLengths; // [n,T] and [n] int64

    public long Count => ids?.shape[0] ?? 0;

    /// <summary>Adds texts [m,T] with prompts of the lengths [m], on the CPU; the oldest are dropped where there are too many.</summary>
    public void Add(Tensor moreIds, Tensor lengths)
    {
        using var scope = NewDisposeScope();
        KeptTensor.Keep(ref ids, Newest(ids, moreIds));
        KeptTensor.Keep(ref promptLengths, Newest(promptLengths, lengths));
    }

    Tensor Newest(Tensor? kept, Tensor more)
    {
        var all = kept is null ? more : cat([kept, more]);
        var dropped = Math.Max(0, all.shape[0] - most);
        return all.narrow(0, dropped, all.shape[0] - dropped).clone();
    }

    /// <summary>The texts of these numbers.</summary>
    public TextBatch Texts(long[] rows, int? endId, Device device)
    {
        using var numbers = tensor(rows, int64);
        return new TextBatch(ids!.index_select(0, numbers), endId, promptLengths: promptLengths!.index_select(0, numbers)).To(device);
    }

    public void Save(StateBag bag)
    {
        if (ids is null) return;
        bag.Put("ids", ids);
        bag.Put("promptLengths", promptLengths!);
    }

    public void Load(StateBag bag)
    {
        Dispose();
        if (bag.Has("ids")) Add(bag.GetTensor("ids"), bag.GetTensor("promptLengths"));
    }

    public void Dispose()
    {
        ids?.Dispose();
        promptLengths?.Dispose();
        (ids, promptLengths) = (null, null);
    }
}
