using TextGan.Native;

namespace TextGan.Learning;

/// <summary>The newest texts with one label, on the CPU.</summary>
/// <param name="most">So many are kept.</param>
sealed class LabelledTexts(int most) : IStateful, IDisposable
{
    Tensor? ids, response; // [n,T] int64, [n,T] float

    public long Count => ids?.shape[0] ?? 0;

    /// <summary>Adds texts on the CPU, [m,T] each; the oldest are dropped where there are more than are kept.</summary>
    public void Add(Tensor moreIds, Tensor moreResponse)
    {
        using var scope = NewDisposeScope();
        KeptTensor.Keep(ref ids, Newest(ids, moreIds));
        KeptTensor.Keep(ref response, Newest(response, moreResponse));
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
        var chosen = ids!.index_select(0, numbers);
        return TextBatch.WithMask(chosen, TextBatch.MaskOf(chosen, endId), response: response!.index_select(0, numbers)).To(device);
    }

    public void Save(StateBag bag)
    {
        if (ids is null) return;
        bag.Put("ids", ids);
        bag.Put("response", response!);
    }

    public void Load(StateBag bag)
    {
        Dispose();
        if (bag.Has("ids")) Add(bag.GetTensor("ids"), bag.GetTensor("response"));
    }

    public void Dispose()
    {
        ids?.Dispose();
        response?.Dispose();
        (ids, response) = (null, null);
    }
}
