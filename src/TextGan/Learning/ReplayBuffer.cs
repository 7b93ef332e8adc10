using TextGan.Native;
using TextGan.Training;
using static TextGan.Native.KeptTensor;

namespace TextGan.Learning;

/// <summary>
/// A uniform sample of all texts that were ever added (Vitter 1985, algorithm R), as token ids on a device. Which texts are kept and drawn
/// is a function of the seed and of how many there were, so that nothing is read back from the device.
/// </summary>
/// <param name="capacity">Texts kept at most.</param>
/// <param name="device">Where they are.</param>
/// <param name="endId">The id that ends a text, or null.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="purpose">What its random numbers are for.</param>
public sealed class ReplayBuffer(int capacity, Device device, int? endId, int seed, string purpose) : IStateful, IDisposable
{
    Tensor? ids; // [capacity,T] int32
    Tensor? promptLengths; // [capacity] int32; null without prompts
    long added, draws;

    /// <summary>How many texts there are.</summary>
    public int Count => (int)Math.Min(added, capacity);

    /// <summary>Adds the texts of a batch, of which later ones may not be kept.</summary>
    public void Add(TextBatch texts)
    {
        if (texts.Batch == 0) return;
        using var scope = NewDisposeScope();
        var random = new Random(Seeds.Derive(seed, $"{purpose}/kept", added));
        var places = new SortedDictionary<long, long>(); // place in the buffer → row of the batch; the last one counts
        for (var row = 0L; row < texts.Batch; row++)
        {
            var place = added < capacity ? added : random.NextInt64(added + 1);
            added++;
            if (place < capacity) places[place] = row;
        }
        if (places.Count == 0) return;
        var (to, from) = (Numbers([.. places.Keys]), Numbers([.. places.Values]));
        Store(ref ids, texts.Ids);
        if (texts.HasPrompts) Store(ref promptLengths, (texts.Mask - texts.Response).sum(1));

        void Store(ref Tensor? kept, Tensor values)
        {
            if (kept is null) Keep(ref kept, zeros([capacity, .. values.shape[1..]], int32, device));
            kept.index_copy_(0, to, values.index_select(0, from).to_type(int32));
        }
    }

    /// <summary>So many texts at random, a text perhaps more than once.</summary>
    public TextBatch Draw(int count)
    {
        var random = new Random(Seeds.Derive(seed, $"{purpose}/drawn", draws++));
        var rows = Numbers([.. Enumerable.Range(0, count).Select(_ => random.NextInt64(Count))]);
        return new(ids!.index_select(0, rows).to_type(int64), endId, promptLengths: promptLengths?.index_select(0, rows).to_type(int64));
    }

    Tensor Numbers(long[] numbers) => DeviceCopy.Of(tensor(numbers, int64), device);

    public void Save(StateBag bag)
    {
        bag.Put("added", added);
        bag.Put("draws", draws);
        using var scope = NewDisposeScope();
        if (ids is not null) bag.Put("ids", ids.narrow(0, 0, Count));
        if (promptLengths is not null) bag.Put("promptLengths", promptLengths.narrow(0, 0, Count));
    }

    public void Load(StateBag bag)
    {
        using var scope = NewDisposeScope();
        (added, draws) = (bag.GetLong("added"), bag.GetLong("draws"));
        Restore(ref ids, "ids");
        Restore(ref promptLengths, "promptLengths");

        void Restore(ref Tensor? kept, string name)
        {
            Keep(ref kept, null);
            if (!bag.Has(name)) return;
            var stored = bag.GetTensor(name);
            Keep(ref kept, zeros([capacity, .. stored.shape[1..]], int32, device));
            kept.narrow(0, 0, stored.shape[0]).copy_(stored);
        }
    }

    public void Dispose()
    {
        ids?.Dispose();
        promptLengths?.Dispose();
    }
}
