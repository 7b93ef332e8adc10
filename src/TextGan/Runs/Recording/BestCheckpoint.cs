using TextGan.Runs.Format;

namespace TextGan.Runs.Recording;

/// <summary>Remembers at which evaluation of the adversarial phase a metric was best.</summary>
/// <param name="metric">The metric's name.</param>
/// <param name="higherIsBetter">Which end of it is.</param>
public sealed class BestCheckpoint(string metric, bool higherIsBetter) : IStateful
{
    double value = double.NaN;

    /// <summary>The name that a checkpoint's state has for the best one's; null where none is kept.</summary>
    public static string? NameIn(StateBag bag) => bag.Scope("best").Has("name") ? bag.Scope("best").GetText("name") : null;

    /// <summary>The checkpoint of that step; null before the first.</summary>
    public string? Name { get; private set; }

    public void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> values)
    {
        if (!values.TryGetValue(metric, out var found))
            throw new InvalidInputException("$.training.keepBest.metric",
                $"the evaluation measures no '{metric}'; it measures {string.Join(", ", values.Keys)}.");
        // The one at the end of pretraining is kept in any case.
        if (phase != Phase.Adversarial || double.IsNaN(found)) return;
        var better = higherIsBetter ? found > value : found < value;
        if (!better && Name is not null) return;
        (value, Name) = (found, new Checkpoint("", PhaseNames.NameOf(phase), step).Name);
    }

    public void Save(StateBag bag)
    {
        if (Name is null) return;
        bag.Put("value", value);
        bag.Put("name", Name);
    }

    public void Load(StateBag bag) => (value, Name) = bag.Has("name") ? (bag.GetDouble("value"), bag.GetText("name")) : (double.NaN, null);
}
