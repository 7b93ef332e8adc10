using TextGan.Plugins;
using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>
/// An autoregressive model of text: p(x) = Π p(x_t | x_&lt;t). It gives hidden states and logits for whole sequences
/// (teacher forcing) and for one step after another (sampling); both must agree. A kind implements the members that end in Core;
/// the public ones call them, and check the results of a plug-in's kind.
/// </summary>
public abstract class Generator(string name) : nn.Module<Tensor, Tensor>(name), ILogitSource
{
    /// <summary>V.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>H: the width of what <see cref="Hidden"/> and <see cref="Step"/> return.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>Teacher forcing. <paramref name="inputs"/> [B,T] int64, the first column the start token → hidden states [B,T,H].</summary>
    public Tensor Hidden(Tensor inputs)
    {
        var hidden = HiddenCore(inputs); // [B,T,H]
        PluginComponent.OfBuilt(this)?.Floats(this, "hidden states", hidden, [inputs.shape[0], inputs.shape[1], HiddenSize], inputs.device);
        return hidden;
    }

    /// <inheritdoc cref="Hidden"/>
    protected abstract Tensor HiddenCore(Tensor inputs);

    /// <summary>Logits over the vocabulary. <paramref name="hidden"/> [...,H] → [...,V].</summary>
    public Tensor Logits(Tensor hidden)
    {
        var logits = LogitsCore(hidden); // [...,V]
        PluginComponent.OfBuilt(this)?.Floats(this, "logits", logits, [.. hidden.shape[..^1], VocabularySize], hidden.device);
        return logits;
    }

    /// <inheritdoc cref="Logits"/>
    protected abstract Tensor LogitsCore(Tensor hidden);

    /// <summary>
    /// <see cref="Logits"/> taken apart, where they are a linear function of something: what draws tokens or takes a likelihood can then
    /// work through the vocabulary piece by piece. Null where they are not.
    /// </summary>
    public LinearHead? Head(Tensor hidden)
    {
        var found = HeadCore(hidden);
        if (found is not { } head || PluginComponent.OfBuilt(this) is not { } origin) return found;
        var features = origin.Floats(this, "the features of a head", head.Features, [.. hidden.shape[..^1], -1], hidden.device);
        origin.Floats(this, "the weight of a head", head.Weight, [VocabularySize, features.shape[^1]], hidden.device);
        if (head.Bias is { } bias) origin.Floats(this, "the bias of a head", bias, [VocabularySize], hidden.device);
        return found;
    }

    /// <inheritdoc cref="Head"/>
    protected virtual LinearHead? HeadCore(Tensor hidden) => null;

    /// <summary>All of it taken apart, where it is no more than <see cref="LstmParts"/> says and drops nothing now; else null.</summary>
    public LstmParts? Parts
    {
        get
        {
            var parts = PartsCore;
            if (parts is not null && PluginComponent.OfBuilt(this) is { } origin) Check(origin, parts);
            return parts;
        }
    }

    /// <inheritdoc cref="Parts"/>
    protected virtual LstmParts? PartsCore => null;

    /// <summary>[B,T] int64 inputs → logits [B,T,V] of the token that follows each input.</summary>
    public sealed override Tensor forward(Tensor inputs)
    {
        using var scope = NewDisposeScope();
        return Logits(Hidden(inputs)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// An empty state for <paramref name="batch"/> sequences of at most <paramref name="capacity"/> steps, on the model's device. It may
    /// keep a copy of the weights for steps without gradients: after the weights have changed, call Start again.
    /// </summary>
    public GeneratorState Start(long batch, int capacity)
    {
        var state = StartCore(batch, capacity);
        PluginComponent.OfBuilt(this)?.NotNull(this, nameof(Start), state);
        return state;
    }

    /// <inheritdoc cref="Start"/>
    protected abstract GeneratorState StartCore(long batch, int capacity);

    /// <summary>
    /// Reads one token of every sequence and advances <paramref name="state"/>. <paramref name="tokens"/>: [B] int64 ids or
    /// [B,V] float relaxed tokens → hidden [B,H]. Differentiable in the parameters and in relaxed tokens when gradients are on.
    /// </summary>
    public Tensor Step(Tensor tokens, GeneratorState state)
    {
        var hidden = StepCore(tokens, state); // [B,H]
        PluginComponent.OfBuilt(this)?.Floats(this, "hidden states", hidden, [tokens.shape[0], HiddenSize], tokens.device);
        return hidden;
    }

    /// <inheritdoc cref="Step"/>
    protected abstract Tensor StepCore(Tensor tokens, GeneratorState state);

    /// <summary>Reads several tokens at once (a prompt): [B,P] int64 → hidden [B,P,H]; the state is advanced by P steps.</summary>
    public Tensor Prefill(Tensor tokens, GeneratorState state)
    {
        var hidden = PrefillCore(tokens, state); // [B,P,H]
        PluginComponent.OfBuilt(this)?.Floats(this, "hidden states", hidden, [tokens.shape[0], tokens.shape[1], HiddenSize], tokens.device);
        return hidden;
    }

    /// <inheritdoc cref="Prefill"/>
    protected abstract Tensor PrefillCore(Tensor tokens, GeneratorState state);

    void Check(PluginComponent origin, LstmParts parts)
    {
        var (width, hidden, device) = (parts.Embedding.shape[^1], parts.HiddenWeight.shape[^1], parts.Embedding.device);
        Part("embedding", parts.Embedding, VocabularySize, width);
        Part("input weight", parts.InputWeight, 4 * hidden, width);
        Part("hidden weight", parts.HiddenWeight, 4 * hidden, hidden);
        Part("input bias", parts.InputBias, 4 * hidden);
        Part("hidden bias", parts.HiddenBias, 4 * hidden);
        Part("head weight", parts.HeadWeight, VocabularySize, hidden);
        Part("head bias", parts.HeadBias, VocabularySize);

        void Part(string what, Tensor tensor, params long[] shape) =>
            origin.Floats(this, $"the {what} of its parts", tensor, shape, device, nameof(Parts));
    }
}
