using TextGan.Generators;
using TextGan.Native;

namespace TextGan.Discriminators;

/// <summary>
/// Features of tokens by a model that never learns: its embeddings, or its states after a layer. The model is no part of whatever reads
/// it, so that no optimiser and no discriminator's weights hold it.
/// </summary>
public sealed class FrozenFeatures
{
    readonly Generator model;
    readonly int startId;
    readonly int layers; // 0: the embeddings

    /// <param name="model">Frozen; several may read it, and none disposes of it.</param>
    /// <param name="layers">How many layers the features have passed; 0 for the embeddings.</param>
    /// <param name="startId">The id before a text's first token.</param>
    /// <exception cref="ArgumentException">The model does not show its embeddings, or has fewer layers.</exception>
    public FrozenFeatures(Generator model, int layers, int startId)
    {
        (this.model, this.layers, this.startId) = (model, layers, startId);
        using var scope = NewDisposeScope();
        var table = model.EmbeddingTable
            ?? throw new ArgumentException($"A {model.GetName()} does not show its embeddings.", nameof(model));
        if (layers < 0 || layers > model.LayerCount)
            throw new ArgumentException($"{layers} layers of {model.LayerCount}.", nameof(layers));
        Width = (int)(layers == 0 ? table.shape[1] : model.HiddenSize);
        DropoutSwitch.TurnOff(model);
    }

    /// <summary>F.</summary>
    public int Width { get; }

    /// <summary>
    /// [B,T] ids (or [B,T,V] relaxed tokens) → [B,T,F]; 0 after a text's end. The only gradient is that to relaxed tokens which want one:
    /// everything else is computed without one.
    /// </summary>
    public Tensor Of(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        var table = model.EmbeddingTable!; // [V,E]
        using var mode = tokens.Relaxed is { requires_grad: true } ? null : no_grad();
        var embedded = tokens.Relaxed is not null ? tokens.MeanOf(table)
            : table.index_select(0, tokens.Ids.flatten()).view(tokens.Batch, tokens.Length, -1); // [B,T,E]
        return ((layers == 0 ? embedded : States(table, embedded)) * tokens.Mask.unsqueeze(2)).MoveToOuterDisposeScope();
    }

    /// <summary>The state at each token after the model has read it, [B,T,H]: it reads the start token first, as when it writes.</summary>
    Tensor States(Tensor table, Tensor embedded)
    {
        var start = table[startId].expand(embedded.shape[0], 1, -1); // [B,1,E]
        return model.StatesAfter(layers, cat([start, embedded], 1)).narrow(1, 1, embedded.shape[1]);
    }
}
