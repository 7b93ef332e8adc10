using TorchSharp.Modules;

namespace TextGan.Generators.Lora;

/// <summary>The adapters of a model, one for each layer that has one.</summary>
sealed class LowRankAdapters(IReadOnlyList<LowRankAdapter> adapters)
{
    readonly Dictionary<Linear, LowRankAdapter> byLayer = adapters.ToDictionary(adapter => adapter.Layer);

    public IReadOnlyList<LowRankAdapter> All { get; } = adapters;

    /// <summary>Whether they drop some of their inputs now.</summary>
    public bool Training { get; set; }

    /// <summary>The layer's adapter, or null.</summary>
    public LowRankAdapter? Of(Linear layer) => byLayer.GetValueOrDefault(layer);
}
