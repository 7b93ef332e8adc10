using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// The one place where ids and relaxed tokens meet: an id takes its row of the table, a relaxed token the mean of all rows
/// under its weights. A one-hot relaxed token so equals its id, in value and in the table's gradient.
/// </summary>
public sealed class TokenEmbedding : nn.Module<TextBatch, Tensor>
{
    readonly Embedding table; // [V,E]

    /// <param name="vocabularySize">V.</param>
    /// <param name="embedding">E.</param>
    /// <param name="deviation">Initial values are drawn from N(0, deviation²).</param>
    public TokenEmbedding(int vocabularySize, int embedding, double deviation) : base(nameof(TokenEmbedding))
    {
        table = nn.Embedding(vocabularySize, embedding);
        using (NewDisposeScope()) nn.init.normal_(table.weight!, 0, deviation);
        RegisterComponents();
    }

    /// <summary>[B,T] ids, or [B,T,V] relaxed tokens where the batch has them → [B,T,E].</summary>
    public override Tensor forward(TextBatch tokens) =>
        tokens.Relaxed is not null ? tokens.MeanOf(table.weight!) : table.call(tokens.Ids);
}
