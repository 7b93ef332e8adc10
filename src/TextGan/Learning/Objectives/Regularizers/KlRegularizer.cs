using TextGan.Generators;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// KL(generator ‖ reference) of the next-token distributions, summed over the vocabulary and averaged over the tokens of the responses; an
/// unbiased estimate of the sequences' divergence a token. Prefixes are held fixed, as for the entropy.
/// </summary>
/// <param name="generator">The generator that learns.</param>
/// <param name="reference">What it is kept near to.</param>
/// <param name="startId">The id before the first token.</param>
public sealed class KlRegularizer(Generator generator, Generator reference, int startId) : Regularizer
{
    public override string Name => "kl";

    public override bool NeedsLogits => true;

    public override Tensor Of(GeneratedBatch batch)
    {
        var divergence = OfLogits(batch, generator, startId, (ids, logits) =>
        {
            Tensor other;
            using (no_grad()) other = reference.forward(TeacherForcing.Inputs(ids, startId)).log_softmax(-1); // [b,T,V]
            var own = logits.log_softmax(-1);
            return (own.exp() * (own - other)).sum(-1);
        }); // [B,T]
        return MaskedMean(divergence, batch.Tokens.Response);
    }
}
