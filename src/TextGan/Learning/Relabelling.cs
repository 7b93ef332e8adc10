using TextGan.Data.Rules;
using TextGan.Discriminators;

namespace TextGan.Learning;

/// <summary>The texts of the generator's batches, labelled by a rule (<see cref="RelabelOptions"/>).</summary>
/// <inheritdoc cref="TextLabelling"/>
public sealed class Relabelling(RelabelOptions options, TextEncoder encoder, int seed, string purpose)
    : TextLabelling(options, encoder, seed, purpose)
{
    readonly TextRule rule = options.Rule.Build();
    readonly int every = options.Every;

    /// <summary>Labels some of the generator's texts, as far as the budget goes; returns the share that has the property, null without
    /// any.</summary>
    public double? Label(long iteration, TextBatch texts)
    {
        var count = Allowed(texts.Batch);
        if (count <= 0 || iteration % every != 0) return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var some = texts.Rows(0, count);
        var has = Encoder.Responses(some).Select(row => rule.Holds(Encoder.Tokenizer.Decode(row))).ToArray();
        Add(some, has);
        return (double)has.Count(one => one) / has.Length;
    }
}
