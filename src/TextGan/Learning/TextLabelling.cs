using TextGan.Discriminators;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>The generator's own texts, labelled as it moves, for a discriminator of a property to learn from beside its data.</summary>
/// <param name="options">How many labels, and how they are read.</param>
/// <param name="encoder">Tells the texts of ids.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="purpose">What the draws are for: equal purposes have equal draws.</param>
public abstract class TextLabelling(LabelBudgetOptions options, TextEncoder encoder, int seed, string purpose) : IStateful, IDisposable
{
    long draws;

    /// <summary>Labels given so far.</summary>
    public long Labels { get; private set; }

    protected TextEncoder Encoder { get; } = encoder;

    protected int Seed { get; } = seed;

    protected string Purpose { get; } = purpose;

    /// <summary>Labels that are left, but no more than one time's.</summary>
    protected int Allowed(long available) =>
        (int)Math.Min(available, Math.Min(options.Batch ?? available, (options.Labels ?? long.MaxValue) - Labels));

    /// <summary>Texts that have the property.</summary>
    internal LabelledTexts Holding { get; } = new(options.Keep);

    /// <summary>Texts that do not.</summary>
    internal LabelledTexts Lacking { get; } = new(options.Keep);

    /// <summary>Takes texts [n,T] and their labels.</summary>
    protected void Add(TextBatch texts, bool[] has)
    {
        using var scope = NewDisposeScope();
        var (ids, promptLengths) = (texts.Ids.cpu(), (texts.Mask - texts.Response).sum(1).to_type(int64).cpu()); // [n,T], [n]
        foreach (var (kept, label) in ((LabelledTexts, bool)[])[(Holding, true), (Lacking, false)])
        {
            long[] rows = [.. Enumerable.Range(0, has.Length).Where(i => has[i] == label).Select(i => (long)i)];
            if (rows.Length > 0) kept.Add(ids.index_select(0, tensor(rows, int64)), promptLengths.index_select(0, tensor(rows, int64)));
        }
        Labels += has.Length;
    }

    /// <summary>An update's texts with the property and those without, [B,T] each, the last of them replaced by labelled ones.</summary>
    /// <param name="real">Those with the property.</param>
    /// <param name="opposing">Those without.</param>
    /// <param name="endId">The id that ends a text, or null.</param>
    /// <param name="member">The number of the ensemble's member that learns.</param>
    public (TextBatch Real, TextBatch Opposing) Mix(TextBatch real, TextBatch opposing, int? endId, int member = 0)
    {
        var random = new Random(Seeds.Derive(Seed, Purpose, draws++));
        return (Mix(real, Holding, endId, random, member), Mix(opposing, Lacking, endId, random, member));
    }

    TextBatch Mix(TextBatch texts, LabelledTexts labelled, int? endId, Random random, int member)
    {
        var count = labelled.Count == 0 ? 0 : (int)Math.Round(options.Share * texts.Batch, MidpointRounding.AwayFromZero);
        if (count == 0) return texts;
        var own = labelled.Texts(Draw(labelled, count, random, member), endId, texts.Device);
        return count == texts.Batch ? own : texts.Rows(0, texts.Batch - count).Concat(own);
    }

    /// <summary>The numbers of so many of the labelled texts, drawn with replacement.</summary>
    internal virtual long[] Draw(LabelledTexts labelled, int count, Random random, int member) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(labelled.Count))];

    public void Save(StateBag bag)
    {
        bag.Put("labels", Labels);
        bag.Put("draws", draws);
        Holding.Save(bag.Scope("holding"));
        Lacking.Save(bag.Scope("lacking"));
    }

    public void Load(StateBag bag)
    {
        (Labels, draws) = (bag.GetLong("labels"), bag.GetLong("draws"));
        Holding.Load(bag.Scope("holding"));
        Lacking.Load(bag.Scope("lacking"));
    }

    public void Dispose()
    {
        Holding.Dispose();
        Lacking.Dispose();
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what else it holds.</summary>
    protected virtual void Release()
    {
    }
}
