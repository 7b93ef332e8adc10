using TextGan.Generators.Decoder;
using TextGan.Generators.Gpt2;
using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>
/// A causal transformer as GPT-2 is (Radford et al. 2019): learnt positions, layer norms before each sub-layer, biases. Its parameters
/// carry Hugging Face's names; matrices that the files hold transposed (Conv1D) are [O,I] here, as those of every linear layer.
/// </summary>
public sealed class Gpt2Generator : DecoderGenerator
{
    readonly Gpt2Model transformer;
    readonly Linear? lm_head; // [V,H], only where not tied
    readonly Gpt2Shape shape;

    /// <param name="shape">The sizes.</param>
    /// <param name="tieEmbeddings">Whether logits = hidden·Eᵀ with the embedding's matrix.</param>
    /// <param name="epsilon">Added to the variance in the norms.</param>
    /// <param name="device">Where the parameters live; null: CPU.</param>
    public Gpt2Generator(Gpt2Shape shape, bool tieEmbeddings = true, double epsilon = 1e-5, Device? device = null) : base("gpt2")
    {
        this.shape = shape;
        transformer = new Gpt2Model(shape, epsilon, Switches);
        if (!tieEmbeddings) lm_head = nn.Linear(shape.Hidden, shape.VocabularySize, hasBias: false);
        RegisterComponents();
        if (device is not null) this.to(device);
    }

    internal static IReadOnlyList<string> Targets { get; } = ["c_attn"];

    internal override IReadOnlyList<string> UsualTargets => Targets;

    internal override bool StoresTransposed => true;

    private protected override IDecoderModel Model => transformer;

    private protected override Linear? OwnHead => lm_head;

    /// <inheritdoc />
    public override int VocabularySize => shape.VocabularySize;

    /// <inheritdoc />
    public override int HiddenSize => shape.Hidden;

    /// <inheritdoc />
    public override int? MaximumLength => shape.Positions;

    /// <inheritdoc />
    public override int LayerCount => shape.Layers;
}
