using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// Negative entropy of the next-token distribution, mean over the tokens of the responses: Σ_v p log p. Prefixes are held fixed: the
/// gradient is that of the conditional distributions.
/// </summary>
public sealed class EntropyRegularizer(Generator generator, int startId) : Regularizer
{
    public override string Name => "entropy";

    public override bool NeedsLogits => true;

    public override Tensor Of(GeneratedBatch batch)
    {
        var negative = OfLogits(batch, generator, startId, (_, logits) =>
        {
            var logProbabilities = logits.log_softmax(-1); // [b,T,V]
            return (logProbabilities.exp() * logProbabilities).sum(-1);
        }); // [B,T]
        return Mean(negative, batch.Tokens.Response);
    }
}
