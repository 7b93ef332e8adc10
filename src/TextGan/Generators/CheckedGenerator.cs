using TextGan.Native;
using TextGan.Plugins;
using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>A plug-in's generator, whose results are checked.</summary>
public sealed class CheckedGenerator : Generator
{
    readonly PluginComponent origin;
    readonly Generator inner;

    CheckedGenerator(PluginComponent origin, Generator inner) : base(inner.GetName())
    {
        (this.origin, this.inner) = (origin, inner);
        RegisterComponents();
    }

    /// <summary>Builds a generator; only one that a plug-in brought is wrapped. A model of the library's own that a plug-in gives stays what it is.</summary>
    public static Generator Build(GeneratorOptions options, GeneratorContext context)
    {
        var model = options.Build(context);
        if (PluginComponent.Of(options) is not { } origin) return model;
        using var unfinished = new Unfinished();
        unfinished.Add(origin.NotNull(options, nameof(Build), model));
        origin.RequireDevice(options, model, context.Device);
        if (model.VocabularySize != context.VocabularySize)
            throw origin.Fault(model, nameof(VocabularySize), $"is {model.VocabularySize}; the tokenizer has {context.VocabularySize} tokens.");
        if (model.HiddenSize < 1) throw origin.Fault(model, nameof(HiddenSize), $"is {model.HiddenSize}; at least 1 is needed.");
        return unfinished.Finish(model.GetType().Assembly == typeof(Generator).Assembly ? model : new CheckedGenerator(origin, model));
    }

    public override int VocabularySize => inner.VocabularySize;

    public override int HiddenSize => inner.HiddenSize;

    public override Tensor Hidden(Tensor inputs) =>
        origin.Floats(inner, "hidden states", inner.Hidden(inputs), [inputs.shape[0], inputs.shape[1], HiddenSize], inputs.device);

    public override Tensor Logits(Tensor hidden) =>
        origin.Floats(inner, "logits", inner.Logits(hidden), [.. hidden.shape[..^1], VocabularySize], hidden.device);

    public override LinearHead? Head(Tensor hidden)
    {
        if (inner.Head(hidden) is not { } head) return null;
        var features = origin.Floats(inner, "the features of a head", head.Features, [.. hidden.shape[..^1], -1], hidden.device);
        origin.Floats(inner, "the weight of a head", head.Weight, [VocabularySize, features.shape[^1]], hidden.device);
        if (head.Bias is { } bias) origin.Floats(inner, "the bias of a head", bias, [VocabularySize], hidden.device);
        return head;
    }

    public override LstmParts? Parts
    {
        get
        {
            if (inner.Parts is not { } parts) return null;
            var (width, hidden, device) = (parts.Embedding.shape[^1], parts.HiddenWeight.shape[^1], parts.Embedding.device);
            void Check(string what, Tensor tensor, params long[] shape) => origin.Floats(inner, $"the {what} of its parts", tensor, shape, device, nameof(Parts));
            Check("embedding", parts.Embedding, VocabularySize, width);
            Check("input weight", parts.InputWeight, 4 * hidden, width);
            Check("hidden weight", parts.HiddenWeight, 4 * hidden, hidden);
            Check("input bias", parts.InputBias, 4 * hidden);
            Check("hidden bias", parts.HiddenBias, 4 * hidden);
            Check("head weight", parts.HeadWeight, VocabularySize, hidden);
            Check("head bias", parts.HeadBias, VocabularySize);
            return parts;
        }
    }

    public override Tensor forward(Tensor inputs) =>
        origin.Floats(inner, "logits", inner.forward(inputs), [inputs.shape[0], inputs.shape[1], VocabularySize], inputs.device);

    public override GeneratorState Start(long batch, int capacity) => origin.NotNull(inner, nameof(Start), inner.Start(batch, capacity));

    public override Tensor Step(Tensor tokens, GeneratorState state) =>
        origin.Floats(inner, "hidden states", inner.Step(tokens, state), [tokens.shape[0], HiddenSize], tokens.device);

    public override Tensor Prefill(Tensor tokens, GeneratorState state) =>
        origin.Floats(inner, "hidden states", inner.Prefill(tokens, state), [tokens.shape[0], tokens.shape[1], HiddenSize], tokens.device);
}
