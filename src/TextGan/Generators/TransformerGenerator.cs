using TextGan.Generators.Decoder;
using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>A causal transformer with the layers and parameter names of Hugging Face's Llama.</summary>
public sealed class TransformerGenerator : DecoderGenerator
{
    readonly DecoderModel model;
    readonly Linear? lm_head; // [V,H], only where not tied
    readonly TransformerShape shape;

    /// <param name="shape">The sizes.</param>
    /// <param name="tieEmbeddings">Whether logits = hidden·Eᵀ with the embedding's matrix.</param>
    /// <param name="dropout">Share dropped in training of embeddings and of what each sub-layer adds.</param>
    /// <param name="epsilon">Added to the mean square in the norms.</param>
    /// <param name="ropeTheta">The base of the rotary wavelengths.</param>
    /// <param name="initialStandardDeviation">Every matrix is drawn from N(0, σ²).</param>
    /// <param name="device">Where the parameters live; null: CPU.</param>
    /// <param name="ropeScaling">How rotary positions are stretched for longer texts; null: not at all.</param>
    /// <param name="maximumLength">The most tokens of a text; null: any number.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public TransformerGenerator(TransformerShape shape, bool tieEmbeddings = true, double dropout = 0, double epsilon = 1e-5,
        double ropeTheta = 10_000, double initialStandardDeviation = 0.02, Device? device = null, RotaryScaling? ropeScaling = null,
        int? maximumLength = null) : base("transformer")
    {
        if (shape.Problems("shape").FirstOrDefault() is { } problem) throw new ArgumentException(problem.ToString(), nameof(shape));
        this.shape = shape;
        MaximumLength = maximumLength;
        model = new DecoderModel(shape, dropout, epsilon, ropeTheta, ropeScaling, Switches);
        if (!tieEmbeddings) lm_head = nn.Linear(shape.Hidden, shape.VocabularySize, hasBias: false);
        RegisterComponents();

        using (var scope = NewDisposeScope())
            foreach (var matrix in parameters().Where(p => p.dim() > 1)) nn.init.normal_(matrix, 0, initialStandardDeviation);
        if (device is not null) this.to(device);
    }

    internal static IReadOnlyList<string> Targets { get; } = ["q_proj", "v_proj"];

    internal override IReadOnlyList<string> UsualTargets => Targets;

    internal override bool StoresTransposed => false;

    private protected override IDecoderModel Model => model;

    private protected override Linear? OwnHead => lm_head;

    /// <inheritdoc />
    public override int VocabularySize => shape.VocabularySize;

    /// <inheritdoc />
    public override int HiddenSize => shape.Hidden;

    /// <inheritdoc />
    public override int? MaximumLength { get; }

    /// <inheritdoc />
    public override int LayerCount => shape.Layers;

    /// <summary>
    /// Takes over weights that carry Hugging Face's names for Llama. Rotary tables in old files are skipped, and so is a copy of
    /// tied embeddings under the head's name.
    /// </summary>
    /// <param name="weights">Tensors by name, on any device and of any floating type.</param>
    /// <param name="place">The file that they came from, for messages.</param>
    /// <exception cref="Problems.InvalidInputException">A name is missing or unknown, or a shape differs; all are named, and nothing is
    /// changed.</exception>
    public void LoadWeights(IReadOnlyDictionary<string, Tensor> weights, string place) => NamedWeights.Load(this, weights, place,
        name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (lm_head is null && name == "lm_head.weight"));
}
