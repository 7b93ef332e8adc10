using TextGan.Generators.Decoder;
using TextGan.Generators.Gpt2;
using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>
/// A causal transformer as GPT-2 is (Radford et al. 2019): learnt positions, layer norms before each sub-layer, biases. Its parameters
/// carry Hugging Face's names; matrices that the files hold transposed (Conv1D) are [O,I] here, as those of every linear layer.
/// </summary>
public sealed class Gpt2Generator : Generator, IDecoder
{
    readonly Gpt2Model transformer;
    readonly Linear? lm_head; // [V,H], only where not tied
    readonly Gpt2Shape shape;
    readonly DecoderSwitches switches = new();

    /// <param name="shape">The sizes.</param>
    /// <param name="tieEmbeddings">Whether logits = hidden·Eᵀ with the embedding's matrix.</param>
    /// <param name="epsilon">Added to the variance in the norms.</param>
    /// <param name="device">Where the parameters live; null: CPU.</param>
    public Gpt2Generator(Gpt2Shape shape, bool tieEmbeddings = true, double epsilon = 1e-5, Device? device = null) : base("gpt2")
    {
        this.shape = shape;
        transformer = new Gpt2Model(shape, epsilon, switches);
        if (!tieEmbeddings) lm_head = nn.Linear(shape.Hidden, shape.VocabularySize, hasBias: false);
        RegisterComponents();
        if (device is not null) this.to(device);
    }

    DecoderSwitches IDecoder.Switches => switches;

    IReadOnlyList<string> IDecoder.UsualTargets => ["c_attn"];

    bool IDecoder.StoresTransposed => true;

    /// <inheritdoc />
    public override int VocabularySize => shape.VocabularySize;

    /// <inheritdoc />
    public override int HiddenSize => shape.Hidden;

    /// <inheritdoc />
    public override int? MaximumLength => shape.Positions;

    /// <inheritdoc />
    public override Tensor EmbeddingTable => transformer.EmbeddingWeight;

    /// <inheritdoc />
    public override int LayerCount => shape.Layers;

    /// <inheritdoc />
    public override Tensor StatesAfter(int layers, Tensor embedded) => transformer.StatesAfter(layers, embedded);

    /// <inheritdoc />
    protected override Tensor HiddenCore(Tensor inputs) => transformer.Read(inputs, null); // [B,T,H]

    /// <inheritdoc />
    protected override Tensor LogitsCore(Tensor hidden) => HeadOf(hidden).Logits(); // [...,V]

    /// <inheritdoc />
    protected override LinearHead? HeadCore(Tensor hidden) => HeadOf(hidden);

    /// <inheritdoc />
    protected override GeneratorState StartCore(long batch, int capacity) =>
        new TransformerState([.. Enumerable.Range(0, shape.Layers).Select(_ => new KeyValueCache(capacity))], capacity, 0);

    /// <inheritdoc />
    protected override Tensor StepCore(Tensor tokens, GeneratorState state) =>
        transformer.Read(tokens.unsqueeze(1), (TransformerState)state).squeeze(1); // [B,H]

    /// <inheritdoc />
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) =>
        transformer.Read(tokens, (TransformerState)state); // [B,P,H]

    LinearHead HeadOf(Tensor hidden) => new(hidden, lm_head?.weight ?? transformer.EmbeddingWeight, null);
}
