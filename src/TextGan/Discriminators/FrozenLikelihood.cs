using TextGan.Generators;
using TextGan.Native;

namespace TextGan.Discriminators;

/// <summary>
/// The log-likelihood of tokens under a model that never learns. The model is no part of whatever reads it, so that no optimiser and no
/// discriminator's weights hold it.
/// </summary>
public sealed class FrozenLikelihood
{
    readonly Generator model;
    readonly int startId;
    readonly double temperature;

    /// <param name="model">Frozen; several may read it, and none disposes of it.</param>
    /// <param name="startId">The id before a text's first token.</param>
    /// <param name="temperature">What its logits are divided by.</param>
    public FrozenLikelihood(Generator model, int startId, double temperature = 1)
    {
        (this.model, this.startId, this.temperature) = (model, startId, temperature);
        DropoutSwitch.TurnOff(model);
    }

    /// <summary>
    /// log p(x_t | x_&lt;t) in nats of each token, [B,T]. Of relaxed tokens it is the expectation Σ_v x_tv log p(v | x_&lt;t), in which the
    /// model reads the mean embeddings of the tokens before; for one-hot tokens both are the same. The only gradient is that to relaxed
    /// tokens which want one. Nothing is masked.
    /// </summary>
    public Tensor Of(TextBatch tokens)
    {
        using var mode = tokens.Relaxed is { requires_grad: true } ? null : no_grad();
        if (tokens.Relaxed is not { } relaxed) return LogLikelihood.OfTokens(model, tokens.Ids, startId, temperature);
        using var scope = NewDisposeScope();
        var table = model.EmbeddingTable!; // [V,E]
        var start = table[startId].expand(tokens.Batch, 1, -1); // [B,1,E]
        var read = cat([start, tokens.MeanOf(table).narrow(1, 0, tokens.Length - 1)], 1); // [B,T,E]
        var logits = model.Logits(model.StatesAfter(model.LayerCount, read)) / Held(temperature); // [B,T,V]
        return (relaxed * nn.functional.log_softmax(logits, 2)).sum(2).MoveToOuterDisposeScope();
    }
}
