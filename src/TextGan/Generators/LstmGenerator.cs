using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>Embedding → LSTM layers → linear head (or the embedding's own matrix, when tied).</summary>
public sealed class LstmGenerator : Generator
{
    readonly Embedding embedding;
    readonly LSTM lstm;
    readonly Linear? projection; // [E,H], only where tied and E ≠ H
    readonly Linear? head; // [V,H], only where not tied
    readonly Parameter? bias; // [V], only where tied
    readonly long layers;
    readonly double dropout;

    /// <param name="vocabularySize">V.</param>
    /// <param name="embeddingSize">E.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="layers">Number of LSTM layers.</param>
    /// <param name="dropout">Share dropped in training of embeddings, between layers and of hidden states.</param>
    /// <param name="tieEmbeddings">Whether logits = hidden·Eᵀ + bias with the embedding's matrix.</param>
    /// <param name="initialStandardDeviation">Every parameter is drawn from N(0, σ²); null: PyTorch's initialisation.</param>
    /// <param name="device">Where the parameters live; null: CPU.</param>
    public LstmGenerator(int vocabularySize, int embeddingSize, int hiddenSize, int layers = 1, double dropout = 0,
        bool tieEmbeddings = false, double? initialStandardDeviation = null, Device? device = null) : base("lstm")
    {
        VocabularySize = vocabularySize;
        HiddenSize = hiddenSize;
        this.layers = layers;
        this.dropout = dropout;
        embedding = nn.Embedding(vocabularySize, embeddingSize);
        lstm = Lstm.DetachFromScope(nn.LSTM(embeddingSize, hiddenSize, layers, batchFirst: true, dropout: layers > 1 ? dropout : 0));
        if (tieEmbeddings)
        {
            if (embeddingSize != hiddenSize) projection = nn.Linear(hiddenSize, embeddingSize, hasBias: false);
            bias = nn.Parameter(zeros(vocabularySize));
            bias.DetachFromDisposeScope(); // the model lives as long as it is used, whatever scope it was made in
        }
        else head = nn.Linear(hiddenSize, vocabularySize);
        RegisterComponents();

        using (var scope = NewDisposeScope())
        {
            if (initialStandardDeviation is { } deviation)
                foreach (var parameter in parameters()) nn.init.normal_(parameter, 0, deviation);
            else if (tieEmbeddings) // rows of N(0,1) would make logits of variance E at the start
                nn.init.normal_(embedding.weight!, 0, 1 / Math.Sqrt(embeddingSize));
        }
        if (device is not null) this.to(device);
    }

    /// <inheritdoc />
    public override int VocabularySize { get; }

    /// <inheritdoc />
    public override int HiddenSize { get; }

    /// <inheritdoc />
    public override Tensor EmbeddingTable => embedding.weight!;

    /// <inheritdoc />
    public override int LayerCount => 1; // the last: not every kernel gives the others' states

    /// <inheritdoc />
    public override Tensor StatesAfter(int layers, Tensor embedded) => Drop(
        Lstm.States(lstm, this.layers, dropout, Drop(embedded), SecondDerivatives.AreWanted));

    /// <inheritdoc />
    protected override Tensor HiddenCore(Tensor inputs) =>
        Drop(Lstm.States(lstm, layers, dropout, Embed(inputs))); // [B,T,H]

    /// <inheritdoc />
    protected override Tensor LogitsCore(Tensor hidden) => HeadOf(hidden).Logits(); // [...,V]

    /// <inheritdoc />
    protected override LinearHead? HeadCore(Tensor hidden) => HeadOf(hidden);

    /// <inheritdoc />
    protected override LstmParts? PartsCore => layers > 1 || projection is not null || Drops ? null : new LstmParts(
        embedding.weight!, Weight("weight_ih_l0"), Weight("weight_hh_l0"), Weight("bias_ih_l0"), Weight("bias_hh_l0"),
        head is null ? embedding.weight! : head.weight!, head is null ? bias! : head.bias!);

    Parameter Weight(string name) => lstm.get_parameter(name)!;

    /// <inheritdoc />
    protected override GeneratorState StartCore(long batch, int capacity)
    {
        var device = embedding.weight!.device;
        var (hidden, cell) = (zeros(layers, batch, HiddenSize, device: device), zeros(layers, batch, HiddenSize, device: device));
        return new LstmState(new LstmSteps(embedding, lstm, layers), hidden, cell, 0);
    }

    /// <inheritdoc />
    protected override Tensor StepCore(Tensor tokens, GeneratorState state)
    {
        var own = (LstmState)state;
        if (Drops || tokens.dtype != ScalarType.Int64) return Read(Embed(tokens).unsqueeze(1), own).squeeze(1); // [B,H]
        var (output, hidden, cell) = own.Steps.Next(tokens, own.Hidden, own.Cell); // [B,H], [L,B,H], [L,B,H]
        own.Advance(hidden, cell, 1);
        return output;
    }

    /// <inheritdoc />
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => tokens.shape[1] == 1
        ? Step(tokens.squeeze(1), state).unsqueeze(1)
        : Read(Embed(tokens), (LstmState)state); // [B,P,H]

    LinearHead HeadOf(Tensor hidden) => head is not null
        ? new LinearHead(hidden, head.weight!, head.bias)
        : new LinearHead(projection is null ? hidden : Products.Of(projection, hidden), embedding.weight!, bias);

    Tensor Read(Tensor embedded, LstmState state)
    {
        // [B,P,H], [L,B,H], [L,B,H]
        var (hidden, lastHidden, lastCell) = Lstm.Read(lstm, layers, dropout, embedded, (state.Hidden, state.Cell));
        state.Advance(lastHidden, lastCell, (int)embedded.shape[1]);
        return Drop(hidden);
    }

    /// <summary>[...] int64 ids or [...,V] relaxed tokens → [...,E].</summary>
    Tensor Embed(Tensor tokens) => Drop(tokens.dtype == ScalarType.Int64 ? embedding.call(tokens) : tokens.matmul(embedding.weight!));

    bool Drops => dropout > 0 && training;

    Tensor Drop(Tensor values) => Drops ? nn.functional.dropout(values, dropout, training: true) : values;
}
