using TextGan.Discriminators;
using TextGan.Learning.Matching;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>The real texts of a discriminator's updates: epoch after epoch, or matched to the generator's texts.</summary>
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
    MatchedRows? matched;

    /// <summary>From here on texts are matched.</summary>
    public void Match(MatchOptions options, ITextProperty? property) =>
        matched = new MatchedRows(options, property, data.Texts.Count, order, places => Texts(RowsAt(places)), seed, $"{purpose}/match");

    /// <summary>The row numbers of the next <paramref name="count"/> texts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="generated">The update's generated texts.</param>
    public long[] Next(int count, TextBatch generated) => RowsAt(matched?.Next(count, generated) ?? order.Next(count));

    /// <summary>The rows at some places of the resample: a function of seed, purpose and place, so that no table is kept.</summary>
    long[] RowsAt(long[] places) => !resample ? places :
        [.. places.Select(place => (long)((UInt128)(ulong)data.Texts.Count * Seeds.Bits(seed, purpose + "/resample", place) >> 64))];

    /// <summary>The texts of these rows.</summary>
    public TextBatch Texts(long[] rows) => data.Texts.Texts(rows, endId, device);

    /// <summary>
    /// Where a property is matched: its estimated share among the generator's texts, and its share of the last batch; else null.
    /// </summary>
    public (double Generated, double Real)? PropertyShares => matched is { HasProperty: true } ? matched.Shares : null;

    public void Save(StateBag bag)
    {
        order.Save(bag.Scope("order"));
        matched?.Save(bag.Scope("match"));
    }

    public void Load(StateBag bag)
    {
        order.Load(bag.Scope("order"));
        matched?.Load(bag.Scope("match"));
    }
}
