using TextGan.Storage;
using TextGan.Training;

namespace TextGan.Experiments.Running;

/// <summary>
/// Generators that this process has pretrained. Pretraining is a function of a part of the experiment and the seed, so
/// experiments that differ in the rest share it: the weights and the log of the first run serve the others.
/// </summary>
public sealed class PretrainedCache : IDisposable
{
    readonly Dictionary<string, (StateBag Weights, IReadOnlyList<MetricLine> Lines, long Steps, string Origin)> entries = [];

    public void Store(string key, StateBag weights, IReadOnlyList<MetricLine> lines, long steps, string origin) =>
        entries[key] = (weights, lines, steps, origin);

    /// <summary>What was stored under the key, or null.</summary>
    public (StateBag Weights, IReadOnlyList<MetricLine> Lines, long Steps, string Origin)? Find(string key) =>
        entries.TryGetValue(key, out var entry) ? entry : null;

    public void Dispose()
    {
        foreach (var entry in entries.Values) entry.Weights.Clear();
    }
}
