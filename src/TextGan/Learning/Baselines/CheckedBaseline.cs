using TextGan.Learning.Credit;
using TextGan.Plugins;
using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Learning.Baselines;

/// <summary>A plug-in's baseline, whose results are checked.</summary>
public sealed class CheckedBaseline : Baseline
{
    readonly PluginComponent origin;
    readonly Baseline inner;

    CheckedBaseline(PluginComponent origin, Baseline inner) => (this.origin, this.inner) = (origin, inner);

    /// <summary>Builds a baseline; only one that a plug-in brought is wrapped.</summary>
    public static Baseline Build(BaselineOptions options, int hiddenSize, Device device)
    {
        var baseline = options.Build(hiddenSize, device);
        return PluginComponent.Of(options) is { } origin ? new CheckedBaseline(origin, origin.NotNull(options, nameof(Build), baseline)) : baseline;
    }

    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        var values = origin.NotNull(inner, nameof(Values), inner.Values(credit, mask, hidden));
        // Whatever broadcasts to [B,T]: each size from the right is that of the mask, or 1.
        var (found, full) = (values.shape, mask.shape);
        var fits = found.Length <= full.Length;
        for (var i = 1; fits && i <= found.Length; i++) fits = found[^i] == 1 || found[^i] == full[^i];
        if (!fits) throw origin.Fault(inner, nameof(Values), $"gave values of the shape [{string.Join(',', found)}]; a shape that broadcasts to [{string.Join(',', full)}] is needed.");
        return origin.Floats(inner, "values", values, found, mask.device);
    }

    public override void Save(StateBag bag) => inner.Save(bag);

    public override void Load(StateBag bag) => inner.Load(bag);

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
