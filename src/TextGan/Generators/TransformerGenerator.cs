using TextGan.Generators.Decoder;
using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>A causal transformer with the layers and parameter names of Hugging Face's Llama.</summary>
public sealed class TransformerGenerator : Generator, IDecoder
{
    readonly DecoderModel model;
    readonly Linear? lm_head; // [V,H], only where not tied
    readonly TransformerShape shape;
    readonly DecoderSwitches switches = new();

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
        model = new DecoderModel(shape, dropout, epsilon, ropeTheta, ropeScaling, switches);
        if (!tieEmbeddings) lm_head = nn.Linear(shape.Hidden, shape.VocabularySize, hasBias: false);
        RegisterComponents();

        using (var scope = NewDisposeScope())
            foreach (var matrix in parameters().Where(p => p.dim() > 1)) nn.init.normal_(matrix, 0, initialStandardDeviation);
        if (device is not null) this.to(device);
    }

    /// <summary>
    /// Whether the activations of a layer that reads whole texts are computed again in the backward pass rather than kept for it.
    /// </summary>
    public bool CheckpointActivations
    {
        get => switches.Recomputes;
        init => switches.Recomputes = value;
    }

    DecoderSwitches IDecoder.Switches => switches;

    IReadOnlyList<string> IDecoder.UsualTargets => ["q_proj", "v_proj"];

    bool IDecoder.StoresTransposed => false;

    /// <inheritdoc />
    public override int VocabularySize => shape.VocabularySize;

    /// <inheritdoc />
    public override int HiddenSize => shape.Hidden;

    /// <inheritdoc />
    public override int? MaximumLength { get; }

    /// <inheritdoc />
    public override Tensor EmbeddingTable => model.EmbeddingWeight;

    /// <inheritdoc />
    public override int LayerCount => shape.Layers;

    /// <inheritdoc />
    public override Tensor StatesAfter(int layers, Tensor embedded) => model.StatesAfter(layers, embedded);

    /// <inheritdoc />
    protected override Tensor HiddenCore(Tensor inputs) => model.Read(inputs, null); // [B,T,H]

    /// <inheritdoc />
    protected override Tensor LogitsCore(Tensor hidden) => HeadOf(hidden).Logits(); // [...,V]

    /// <inheritdoc />
    protected override LinearHead? HeadCore(Tensor hidden) => HeadOf(hidden);

    /// <inheritdoc />
    protected override GeneratorState StartCore(long batch, int capacity) =>
        new TransformerState([.. Enumerable.Range(0, shape.Layers).Select(_ => new KeyValueCache(capacity))], capacity, 0);

    /// <inheritdoc />
    protected override Tensor StepCore(Tensor tokens, GeneratorState state) =>
        model.Read(tokens.unsqueeze(1), (TransformerState)state).squeeze(1); // [B,H]

    /// <inheritdoc />
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => model.Read(tokens, (TransformerState)state); // [B,P,H]

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

    LinearHead HeadOf(Tensor hidden) => new(hidden, lm_head?.weight ?? model.EmbeddingWeight, null);
}
