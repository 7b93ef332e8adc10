using TextGan.Plugins;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Discriminators.Losses;

/// <summary>A plug-in's loss, whose results are checked.</summary>
public sealed class CheckedLoss : AdversarialLoss
{
    readonly PluginComponent origin;
    readonly AdversarialLoss inner;

    CheckedLoss(PluginComponent origin, AdversarialLoss inner) => (this.origin, this.inner) = (origin, inner);

    /// <summary>Builds a loss; only one that a plug-in brought is wrapped.</summary>
    public static AdversarialLoss Build(AdversarialLossOptions options)
    {
        var loss = options.Build();
        return PluginComponent.Of(options) is { } origin ? new CheckedLoss(origin, origin.NotNull(options, nameof(Build), loss)) : loss;
    }

    public override bool GeneratorReadsReal => inner.GeneratorReadsReal;

    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
        origin.Floats(inner, "a loss", inner.DiscriminatorLoss(real, opposing), [], real.Logits.device);

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) =>
        origin.Floats(inner, "a loss", inner.GeneratorLoss(generated, real), [generated.Logits.shape[0]], generated.Logits.device);

    public override Tensor? Penalty(Discriminator discriminator, TokenBatch real, TokenBatch opposing) =>
        inner.Penalty(discriminator, real, opposing) is { } penalty ? origin.Floats(inner, "a penalty", penalty, [], real.Device) : null;

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
        origin.Floats(inner, "a threshold", inner.Threshold(real, opposing), [], real.Logits.device);
}
