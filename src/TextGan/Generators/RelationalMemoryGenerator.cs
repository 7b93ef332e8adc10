using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>Embedding → relational memory → linear head on all of its slots (RelGAN's generator).</summary>
public sealed class RelationalMemoryGenerator : Generator
{
    readonly Embedding embedding;
    readonly RelationalMemory memory;
    readonly Linear head; // [V,S·M]

    /// <param name="vocabularySize">V.</param>
    /// <param name="embeddingSize">E.</param>
    /// <param name="slots">S: slots of the memory.</param>
    /// <param name="heads">Heads of its attention.</param>
    /// <param name="headSize">D: a slot is 'heads' times as wide, M.</param>
    /// <param name="mlpLayers">Layers of the network after the attention.</param>
    /// <param name="device">Where the parameters live; null: CPU.</param>
    public RelationalMemoryGenerator(int vocabularySize, int embeddingSize, int slots = 1, int heads = 2, int headSize = 256,
        int mlpLayers = 2, Device? device = null) : base("relational-memory")
    {
        VocabularySize = vocabularySize;
        HiddenSize = slots * heads * headSize;
        embedding = nn.Embedding(vocabularySize, embeddingSize);
        memory = new RelationalMemory(embeddingSize, slots, heads, headSize, mlpLayers);
        head = nn.Linear(HiddenSize, vocabularySize);
        RegisterComponents();
        using (NewDisposeScope())
            foreach (var (name, parameter) in named_parameters()) Initialize(name, parameter);
        if (device is not null) this.to(device);
    }

    /// <summary>
    /// As RelGAN does: matrices from a normal distribution of variance 1/inputs (of the embedding, V inputs), cut at two standard
    /// deviations; biases 0. Layer norms begin as the identity.
    /// </summary>
    static void Initialize(string name, Parameter parameter)
    {
        if (parameter.dim() == 1)
        {
            if (!name.Contains("norm", StringComparison.Ordinal)) nn.init.zeros_(parameter);
            return;
        }
        var deviation = 1 / Math.Sqrt(name == "embedding.weight" ? parameter.shape[0] : parameter.shape[1]);
        // By the inverse of its distribution function: nn.init.trunc_normal_ of TorchSharp 0.107 fills a tensor with one number.
        using var _ = no_grad();
        nn.init.uniform_(parameter, -ShareWithin, ShareWithin);
        parameter.erfinv_().mul_(Held(Math.Sqrt(2) * deviation));
    }

    /// <summary>erf √2: the share of a normal distribution within two standard deviations.</summary>
    const double ShareWithin = 0.9544997361036416;

    /// <inheritdoc />
    public override int VocabularySize { get; }

    /// <inheritdoc />
    public override int HiddenSize { get; }

    /// <inheritdoc />
    public override Tensor EmbeddingTable => embedding.weight!;

    /// <inheritdoc />
    public override int LayerCount => 1;

    /// <inheritdoc />
    public override Tensor StatesAfter(int layers, Tensor embedded)
    {
        using var scope = NewDisposeScope();
        return memory.Read(embedded, memory.Start(embedded.shape[0])).Outputs.MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Tensor HiddenCore(Tensor inputs) => StatesAfter(1, embedding.call(inputs)); // [B,T,H]

    /// <inheritdoc />
    protected override Tensor LogitsCore(Tensor hidden) => HeadOf(hidden).Logits(); // [...,V]

    /// <inheritdoc />
    protected override LinearHead? HeadCore(Tensor hidden) => HeadOf(hidden);

    LinearHead HeadOf(Tensor hidden) => new(hidden, head.weight!, head.bias);

    /// <inheritdoc />
    protected override GeneratorState StartCore(long batch, int capacity) => new RelationalMemoryState(memory.Start(batch), 0);

    /// <inheritdoc />
    protected override Tensor StepCore(Tensor tokens, GeneratorState state)
    {
        var embedded = tokens.dtype == ScalarType.Int64 ? embedding.call(tokens) : tokens.matmul(embedding.weight!); // [B,E]
        return Read(embedded.unsqueeze(1), state).squeeze(1); // [B,H]
    }

    /// <inheritdoc />
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => Read(embedding.call(tokens), state); // [B,P,H]

    Tensor Read(Tensor embedded, GeneratorState state)
    {
        var own = (RelationalMemoryState)state;
        var (outputs, slots) = memory.Read(embedded, own.Memory); // [B,P,H], [B,S,M]
        own.Advance(slots, (int)embedded.shape[1]);
        return outputs;
    }
}
