using TextGan.Learning.Objectives;
using TextGan.Discriminators.Losses;
using TextGan.Discriminators;
using TextGan.Native;
using TorchSharp.Modules;

namespace TextGan.Learning.Rewards;

/// <summary>A discriminator as a judge of the generator's texts: it scores a batch and never learns here.</summary>
/// <param name="name">Its name, and that of its term.</param>
/// <param name="discriminator">The model, on <paramref name="device"/>.</param>
/// <param name="loss">The adversarial loss.</param>
/// <param name="device">Its device; batches are moved there by the caller, once per device.</param>
/// <param name="normalizer">Brings its signal to mean 0 and deviation 1; null leaves the signal.</param>
/// <param name="real">Draws n real texts (ids, on <paramref name="device"/>) for losses that compare with them.</param>
public sealed class Judge(
    string name, Discriminator discriminator, AdversarialLoss loss, Device device, SignalNormalizer? normalizer, Func<int, TextBatch> real)
{
    readonly DropoutSwitch dropout = new(discriminator);
    readonly Parameter[] parameters = [.. discriminator.parameters()];
    bool? learns; // null: somebody else may have changed the model's mode

    public string Name { get; } = name;

    public Device Device { get; } = device;

    public SignalNormalizer? Normalizer { get; } = normalizer;

    /// <summary>
    /// Judges a batch in evaluation mode. With relaxed tokens the gradient runs to the tokens, never to the
    /// discriminator's parameters.
    /// </summary>
    public DiscriminatorOutput Score(TextBatch tokens)
    {
        if (learns != false)
        {
            dropout.TurnOff();
            foreach (var parameter in parameters) parameter.requires_grad_(false);
            learns = false;
        }
        return discriminator.Judge(tokens);
    }

    /// <summary>Lets the model learn until it judges again: in training mode, its parameters with gradients.</summary>
    public void LetLearn()
    {
        if (learns == true) return;
        discriminator.train();
        foreach (var parameter in parameters) parameter.requires_grad_(true);
        learns = true;
    }

    /// <summary>The score above which a text is taken for real (<see cref="AdversarialLoss.Threshold"/>).</summary>
    public Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var threshold = loss.Threshold(real, opposing);
        PluginComponent.OfBuilt(loss)?.Floats(loss, "a threshold", threshold, [], real.Logits.device, nameof(loss.Threshold));
        return threshold;
    }

    /// <summary>Another has used the model, whose mode and parameters may be in any state.</summary>
    public void ForgetMode() => learns = null;

    /// <summary>The generator's loss of each text [B], differentiable in relaxed tokens.</summary>
    public Tensor GeneratorLoss(TextBatch tokens)
    {
        var (generated, other) = WithReal(tokens);
        return LossOf(generated, other);
    }

    /// <summary>The generator's loss by each of a text's S logits alone, [B,S].</summary>
    public Tensor GeneratorLosses(TextBatch tokens)
    {
        var (generated, other) = WithReal(tokens);
        return stack([.. Enumerable.Range(0, (int)generated.Logits.shape[1]).Select(s => LossOf(generated.Logit(s), other?.Logit(s)))], 1);
    }

    /// <summary>What it says of the batch, and of as many real texts where the loss compares with them.</summary>
    (DiscriminatorOutput Generated, DiscriminatorOutput? Real) WithReal(TextBatch tokens) =>
        (Score(tokens), loss.GeneratorReadsReal ? discriminator.Judge(real(loss.RealTexts((int)tokens.Batch))) : null);

    Tensor LossOf(DiscriminatorOutput generated, DiscriminatorOutput? other)
    {
        using var scope = NewDisposeScope();
        var losses = loss.GeneratorLoss(generated, other); // [B]
        var logits = generated.Logits;
        PluginComponent.OfBuilt(loss)?.Floats(loss, "a loss", losses, [logits.shape[0]], logits.device, nameof(loss.GeneratorLoss));
        return losses.MoveToOuterDisposeScope();
    }
}
