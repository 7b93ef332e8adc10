using TextGan.Storage;
using TextGan.Plugins;
using TextGan.Problems;

namespace TextGan.Learning.Objectives.Combiners;

/// <summary>A plug-in's combiner, whose results are checked.</summary>
public sealed class CheckedCombiner : Combiner
{
    readonly PluginComponent origin;
    readonly Combiner inner;

    CheckedCombiner(PluginComponent origin, Combiner inner) => (this.origin, this.inner) = (origin, inner);

    /// <summary>Builds a combiner; only one that a plug-in brought is wrapped.</summary>
    public static Combiner Build(CombinerOptions options, IReadOnlyDictionary<string, double> weights, long iterations)
    {
        var combiner = options.Build(weights, iterations);
        return PluginComponent.Of(options) is { } origin ? new CheckedCombiner(origin, origin.NotNull(options, nameof(Build), combiner)) : combiner;
    }

    public override IReadOnlyList<double> Combine(TermGradients terms, long step)
    {
        var weights = origin.NotNull(inner, nameof(Combine), inner.Combine(terms, step));
        if (weights.Count != terms.Terms.Count) throw origin.Fault(inner, nameof(Combine), $"gave {Amount.Of(weights.Count, "weight")} for {Amount.Of(terms.Terms.Count, "term")}.");
        for (var k = 0; k < weights.Count; k++)
        {
            if (!double.IsFinite(weights[k])) throw origin.Fault(inner, nameof(Combine), $"gave the term '{terms.Terms[k].Name}' the weight {weights[k]}; a finite number is needed.");
        }
        return weights;
    }

    public override void Save(StateBag bag) => inner.Save(bag);

    public override void Load(StateBag bag) => inner.Load(bag);
}
