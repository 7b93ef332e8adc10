using TextGan.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Copies of weights in bfloat16 for many steps without gradients, as drawing a text takes them: each weight is rounded at its first use
/// and not again. With gradients a weight is rounded at every use, so that its gradients are added up in float32.
/// </summary>
public sealed class RoundedWeights : IDisposable
{
    RoundedWeights() { }

    [ThreadStatic]
    static RoundedWeights? current;

    /// <summary>
    /// By place in memory, because layers may hand out ever new objects for a weight; the source is kept, so the place is.
    /// </summary>
    readonly Dictionary<(MemoryPlace Place, long Size), (Tensor Source, Tensor Copy)> copies = [];

    /// <summary>
    /// Keeps the copies that this thread makes until disposal; no weight may change before. Null where nothing is rounded, or where they
    /// are being kept already.
    /// </summary>
    public static IDisposable? Keep() => ModelPrecision.IsBfloat16 && current is null ? current = new RoundedWeights() : null;

    /// <summary>A weight in bfloat16, not to be disposed of by the caller; what is no parameter is rounded each time.</summary>
    internal static Tensor Of(Tensor weight)
    {
        if (current is not { } kept || weight is not Parameter || is_grad_enabled()) return Products.Rounded(weight);
        var key = (MemoryPlace.Of(weight), weight.numel());
        if (!kept.copies.TryGetValue(key, out var found))
            kept.copies[key] = found = (weight.alias().DetachFromDisposeScope(), Products.Rounded(weight).DetachFromDisposeScope());
        return found.Copy;
    }

    /// <summary>Disposes of the copies: weights may change again.</summary>
    public void Dispose()
    {
        current = null;
        foreach (var (source, copy) in copies.Values)
        {
            source.Dispose();
            copy.Dispose();
        }
    }
}
