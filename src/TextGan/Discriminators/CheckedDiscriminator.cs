using TextGan.Native;
using TextGan.Plugins;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Discriminators;

/// <summary>A plug-in's discriminator: what it says of a batch is checked before anything is computed with it.</summary>
public sealed class CheckedDiscriminator : Discriminator
{
    readonly PluginComponent origin;
    readonly Discriminator inner;

    CheckedDiscriminator(PluginComponent origin, Discriminator inner) : base(inner.GetName(), inner.VocabularySize)
    {
        (this.origin, this.inner) = (origin, inner);
        RegisterComponents();
    }

    /// <summary>Builds a discriminator; only one that a plug-in brought is wrapped.</summary>
    public static Discriminator Build(DiscriminatorOptions options, DiscriminatorContext context)
    {
        var model = options.Build(context);
        if (PluginComponent.Of(options) is not { } origin) return model;
        using var unfinished = new Unfinished();
        origin.RequireDevice(options, unfinished.Add(origin.NotNull(options, nameof(Build), model)), context.Device);
        return unfinished.Finish(new CheckedDiscriminator(origin, model));
    }

    public override DiscriminatorOutput forward(TokenBatch tokens)
    {
        var output = origin.NotNull(inner, nameof(forward), inner.forward(tokens));
        origin.Floats(inner, "logits", output.Logits, [tokens.Batch, -1], tokens.Device);
        if (output.Mask is { } mask) origin.Floats(inner, "a mask", mask, output.Logits.shape, tokens.Device);
        if (training && !output.Logits.requires_grad && is_grad_enabled() && parameters().Any(parameter => parameter.requires_grad))
            throw origin.Fault(inner, nameof(forward), "gave logits without a gradient, so its parameters could never learn; compute them from the parameters, outside of no_grad().");
        return output;
    }
}
