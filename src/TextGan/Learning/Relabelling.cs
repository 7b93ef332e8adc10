using TextGan.Data.Rules;
using TextGan.Discriminators;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>The generator's own texts, labelled by a rule as it moves, for a discriminator of the property to learn from.</summary>
/// <param name="options">The rule and how many labels.</param>
/// <param name="encoder">Tells the texts of ids.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="purpose">What the draws are for: equal purposes have equal draws.</param>
public sealed class Relabelling(RelabelOptions options, TextEncoder encoder, int seed, string purpose) : IStateful, IDisposable
{
    readonly TextRule rule = options.Rule.Build();
    readonly LabelledTexts holding = new(options.Keep), lacking = new(options.Keep);
    long labels, draws;

    /// <summary>Labels given so far.</summary>
    public long Labels => labels;

    /// <summary>Labels some of the generator's texts, as far as the budget goes; returns the share that has the property, null without
    /// any.</summary>
    public double? Label(long iteration, TextBatch texts)
    {
        var count = Math.Min(texts.Batch, Math.Min(options.Batch ?? texts.Batch, (options.Labels ?? long.MaxValue) - labels));
        if (count <= 0 || iteration % options.Every != 0) return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var some = texts.Rows(0, count);
        var has = encoder.Responses(some).Select(row => rule.Holds(encoder.Tokenizer.Decode(row))).ToArray();
        var (ids, promptLengths) = (some.Ids.cpu(), (some.Mask - some.Response).sum(1).to_type(int64).cpu()); // [n,T], [n]
        foreach (var (kept, label) in ((LabelledTexts, bool)[])[(holding, true), (lacking, false)])
        {
            long[] rows = [.. Enumerable.Range(0, has.Length).Where(i => has[i] == label).Select(i => (long)i)];
            if (rows.Length > 0) kept.Add(ids.index_select(0, tensor(rows, int64)), promptLengths.index_select(0, tensor(rows, int64)));
        }
        labels += count;
        return (double)has.Count(one => one) / has.Length;
    }

    /// <summary>An update's texts with the property and those without, [B,T] each, the last of them replaced by labelled ones.</summary>
    public (TextBatch Real, TextBatch Opposing) Mix(TextBatch real, TextBatch opposing, int? endId)
    {
        var random = new Random(Seeds.Derive(seed, purpose, draws++));
        return (Mix(real, holding, endId, random), Mix(opposing, lacking, endId, random));
    }

    TextBatch Mix(TextBatch texts, LabelledTexts labelled, int? endId, Random random)
    {
        var count = labelled.Count == 0 ? 0 : (int)Math.Round(options.Share * texts.Batch, MidpointRounding.AwayFromZero);
        if (count == 0) return texts;
        long[] rows = [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(labelled.Count))];
        var own = labelled.Texts(rows, endId, texts.Device);
        return count == texts.Batch ? own : texts.Rows(0, texts.Batch - count).Concat(own);
    }

    public void Save(StateBag bag)
    {
        bag.Put("labels", labels);
        bag.Put("draws", draws);
        holding.Save(bag.Scope("holding"));
        lacking.Save(bag.Scope("lacking"));
    }

    public void Load(StateBag bag)
    {
        (labels, draws) = (bag.GetLong("labels"), bag.GetLong("draws"));
        holding.Load(bag.Scope("holding"));
        lacking.Load(bag.Scope("lacking"));
    }

    public void Dispose()
    {
        holding.Dispose();
        lacking.Dispose();
    }
}
