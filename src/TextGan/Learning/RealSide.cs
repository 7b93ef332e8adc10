using TextGan.Training;

namespace TextGan.Learning;

/// <summary>The real texts of a discriminator's updates.</summary>
/// <param name="data">Its data.</param>
/// <param name="device">Where the texts go.</param>
/// <param name="endId">The id that ends a text, or null.</param>
/// <param name="seed">The run's seed, for the order of the data.</param>
/// <param name="purpose">What the order is for: equal purposes have equal orders.</param>
/// <param name="resample">Whether the texts are not the data's N but N draws from them with replacement, as in bagging (Breiman 1996);
/// equal purposes have equal draws.</param>
public sealed class RealSide(EncodedSet data, Device device, int? endId, int seed, string purpose, bool resample = false) : IStateful
{
    readonly BatchOrder order = new(data.Texts.Count, seed, purpose);

    /// <summary>The row numbers of the next <paramref name="count"/> texts.</summary>
    public long[] Next(int count)
    {
        var places = order.Next(count);
        return resample ? [.. places.Select(Drawn)] : places;
    }

    /// <summary>The row at a place of the resample: a function of seed, purpose and place, so that no table is kept.</summary>
    long Drawn(long place) => (long)((UInt128)(ulong)data.Texts.Count * Seeds.Bits(seed, purpose + "/resample", place) >> 64);

    /// <summary>The texts of these rows.</summary>
    public TextBatch Texts(long[] rows) => data.Texts.Texts(rows, endId, device);

    public void Save(StateBag bag) => order.Save(bag.Scope("order"));

    public void Load(StateBag bag) => order.Load(bag.Scope("order"));
}
