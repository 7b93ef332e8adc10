using TextGan.Generators.Decoder;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>
/// A causal transformer whose head is a matrix of its own or the embedding's. Adapters can act beside its linear layers.
/// </summary>
public abstract class DecoderGenerator : Generator
{
    private protected DecoderGenerator(string name) : base(name)
    {
    }

    /// <summary>
    /// Whether the activations of a layer that reads whole texts are computed again in the backward pass rather than kept for it.
    /// </summary>
    public bool CheckpointActivations
    {
        get => Switches.Recomputes;
        set => Switches.Recomputes = value;
    }

    internal DecoderSwitches Switches { get; } = new();

    /// <summary>The layers that have adapters unless others are asked for, by the last part of their names.</summary>
    internal abstract IReadOnlyList<string> UsualTargets { get; }

    /// <summary>Whether Hugging Face's files hold its matrices as [I,O].</summary>
    internal abstract bool StoresTransposed { get; }

    // Kinds keep both as fields of their own: their names are those of the weights.
    private protected abstract IDecoderModel Model { get; }

    /// <summary>[V,H]; null where the head is the embedding's matrix.</summary>
    private protected abstract Linear? OwnHead { get; }

    /// <inheritdoc />
    public override Tensor EmbeddingTable => Model.EmbeddingWeight;

    /// <inheritdoc />
    public override Tensor StatesAfter(int layers, Tensor embedded) => Model.StatesAfter(layers, embedded);

    /// <inheritdoc />
    protected override Tensor HiddenCore(Tensor inputs) => Model.Read(inputs, null); // [B,T,H]

    /// <inheritdoc />
    protected override Tensor LogitsCore(Tensor hidden) => HeadOf(hidden).Logits(); // [...,V]

    /// <inheritdoc />
    protected override LinearHead? HeadCore(Tensor hidden) => HeadOf(hidden);

    /// <inheritdoc />
    protected override GeneratorState StartCore(long batch, int capacity) =>
        new TransformerState([.. Enumerable.Range(0, LayerCount).Select(_ => new KeyValueCache(capacity))], capacity, 0);

    /// <inheritdoc />
    protected override Tensor StepCore(Tensor tokens, GeneratorState state) =>
        Model.Read(tokens.unsqueeze(1), (TransformerState)state).squeeze(1); // [B,H]

    /// <inheritdoc />
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => Model.Read(tokens, (TransformerState)state); // [B,P,H]

    LinearHead HeadOf(Tensor hidden) => new(hidden, OwnHead?.weight ?? Model.EmbeddingWeight, null);
}
