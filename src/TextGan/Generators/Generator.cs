using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>
/// An autoregressive model of text: p(x) = Π p(x_t | x_&lt;t). It gives hidden states and logits for whole sequences
/// (teacher forcing) and for one step after another (sampling); both must agree.
/// </summary>
public abstract class Generator(string name) : nn.Module<Tensor, Tensor>(name), ILogitSource
{
    /// <summary>V.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>H: the width of what <see cref="Hidden"/> and <see cref="Step"/> return.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>Teacher forcing. <paramref name="inputs"/> [B,T] int64, the first column the start token → hidden states [B,T,H].</summary>
    public abstract Tensor Hidden(Tensor inputs);

    /// <summary>Logits over the vocabulary. <paramref name="hidden"/> [...,H] → [...,V].</summary>
    public abstract Tensor Logits(Tensor hidden);

    /// <summary>
    /// <see cref="Logits"/> taken apart, where they are a linear function of something: what draws tokens or takes a likelihood can then work
    /// through the vocabulary piece by piece. Null where they are not.
    /// </summary>
    public virtual LinearHead? Head(Tensor hidden) => null;

    /// <summary>All of it taken apart, where it is no more than <see cref="LstmParts"/> says and drops nothing now; else null.</summary>
    public virtual LstmParts? Parts => null;

    /// <summary>[B,T] int64 inputs → logits [B,T,V] of the token that follows each input.</summary>
    public override Tensor forward(Tensor inputs)
    {
        using var scope = NewDisposeScope();
        return Logits(Hidden(inputs)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// An empty state for <paramref name="batch"/> sequences of at most <paramref name="capacity"/> steps, on the model's device. It may keep a copy
    /// of the weights for steps without gradients: after the weights have changed, start anew.
    /// </summary>
    public abstract GeneratorState Start(long batch, int capacity);

    /// <summary>
    /// Reads one token of every sequence and advances <paramref name="state"/>. <paramref name="tokens"/>: [B] int64 ids or
    /// [B,V] float relaxed tokens → hidden [B,H]. Differentiable in the parameters and in relaxed tokens when gradients are on.
    /// </summary>
    public abstract Tensor Step(Tensor tokens, GeneratorState state);

    /// <summary>Reads several tokens at once (a prompt): [B,P] int64 → hidden [B,P,H]; the state is advanced by P steps.</summary>
    public abstract Tensor Prefill(Tensor tokens, GeneratorState state);
}
