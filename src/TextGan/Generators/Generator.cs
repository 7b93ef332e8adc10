using System.Runtime.CompilerServices;

namespace TextGan.Generators;

/// <summary>
/// An autoregressive model of text: p(x) = Π p(x_t | x_&lt;t). It gives hidden states and logits for whole sequences
/// (teacher forcing) and for one step after another (sampling); both must agree. A kind implements the members that end in Core;
/// the public ones call them, free their temporary tensors and check the results of a plug-in's kind.
/// </summary>
public abstract class Generator(string name) : nn.Module<Tensor, Tensor>(name), ILogitSource
{
    /// <summary>V.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>H: the width of what <see cref="Hidden"/> and <see cref="Step"/> return.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>The most tokens of a text that it can read; null where there is no limit.</summary>
    public virtual int? MaximumLength => null;

    /// <summary>[V,E]: the embedding of each token; null where a kind does not show it. Then nothing can read its features.</summary>
    public virtual Tensor? EmbeddingTable => null;

    /// <summary>How many layers <see cref="StatesAfter"/> can stop at.</summary>
    public virtual int LayerCount => 0;

    /// <summary>
    /// Embedded tokens [B,T,E], the first column the start token's → the states [B,T,H] after the first of so many layers, 1 to
    /// <see cref="LayerCount"/>; after all of them what <see cref="Hidden"/> gives. Differentiable in the embedded tokens.
    /// </summary>
    public virtual Tensor StatesAfter(int layers, Tensor embedded) =>
        throw new NotSupportedException($"A {GetName()} does not show the states of its layers.");

    /// <summary>Teacher forcing. <paramref name="inputs"/> [B,T] int64, the first column the start token → hidden states [B,T,H].</summary>
    public Tensor Hidden(Tensor inputs)
    {
        using var scope = NewDisposeScope();
        return Checked(HiddenCore(inputs), "hidden states", inputs, 2, HiddenSize);
    }

    /// <inheritdoc cref="Hidden"/>
    protected abstract Tensor HiddenCore(Tensor inputs);

    /// <summary>Logits over the vocabulary. <paramref name="hidden"/> [...,H] → [...,V].</summary>
    public Tensor Logits(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return Checked(LogitsCore(hidden), "logits", hidden, (int)hidden.dim() - 1, VocabularySize);
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
    /// After a text's end it may read any id; what it gives for that row is not used.
    /// </summary>
    public Tensor Step(Tensor tokens, GeneratorState state)
    {
        using var scope = NewDisposeScope();
        return Checked(StepCore(tokens, state), "hidden states", tokens, 1, HiddenSize);
    }

    /// <inheritdoc cref="Step"/>
    protected abstract Tensor StepCore(Tensor tokens, GeneratorState state);

    /// <summary>Reads several tokens at once (a prompt): [B,P] int64 → hidden [B,P,H]; the state is advanced by P steps.</summary>
    public Tensor Prefill(Tensor tokens, GeneratorState state)
    {
        using var scope = NewDisposeScope();
        return Checked(PrefillCore(tokens, state), "hidden states", tokens, 2, HiddenSize);
    }

    /// <inheritdoc cref="Prefill"/>
    protected abstract Tensor PrefillCore(Tensor tokens, GeneratorState state);

    /// <summary>
    /// A copy of a discriminator that it reads and that is renewed when the discriminator has learnt; null where it reads none.
    /// </summary>
    public virtual PrefixFeatures? Leaked => null;

    /// <summary>
    /// A generator with parameters of its own for those of this one, which shares with it what does not learn; its values are to be set.
    /// Null where all of the generator learns. The one that it was made of must live as long.
    /// </summary>
    public virtual Generator? Twin() => null;

    /// <summary>
    /// The result, in the scope around the present one. Its shape is that of <paramref name="input"/>, cut after some dimensions, and then
    /// a width.
    /// </summary>
    Tensor Checked(Tensor result, string what, Tensor input, int dimensions, int width, [CallerMemberName] string member = "")
    {
        PluginComponent.OfBuilt(this)?.Floats(this, what, result, [.. input.shape[..dimensions], width], input.device, member);
        return result.MoveToOuterDisposeScope();
    }

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
