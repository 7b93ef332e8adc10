using TextGan.Generators;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// KL(generator ‖ reference) of the next-token distributions at the prefixes of the responses, which are held fixed, as for the entropy:
/// summed over the vocabulary, or estimated by the drawn tokens (<see cref="KlLossEstimator"/>).
/// </summary>
/// <param name="generator">The generator that learns.</param>
/// <param name="reference">What it is kept near to.</param>
/// <param name="startId">The id before the first token.</param>
/// <param name="estimator">What is computed at each token.</param>
/// <param name="normalization">How tokens become one number.</param>
public sealed class KlRegularizer(
    Generator generator, Generator reference, int startId, KlLossEstimator estimator = KlLossEstimator.Exact,
    LengthNormalization normalization = LengthNormalization.Tokens) : Regularizer
{
    /// <summary>The name of the KL's term, whether it is a loss or in the reward.</summary>
    public const string TermName = "kl";

    Dictionary<string, Tensor> figures = [];

    public override string Name => TermName;

    public override bool NeedsLogits => estimator == KlLossEstimator.Exact;

    public override bool NeedsReference => !NeedsLogits;

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures => figures;

    public override Tensor Of(GeneratedBatch batch)
    {
        var (values, divergence) = NeedsLogits ? Exact(batch) : OfDrawn(batch); // [B,T]
        figures = DivergenceFigures.Of(divergence.detach(), batch.Tokens.Response);
        return Mean(values, batch.Tokens.Response, normalization);
    }

    (Tensor Values, Tensor Divergence) Exact(GeneratedBatch batch)
    {
        var divergence = OfLogits(batch, generator, startId, (ids, logits) =>
        {
            Tensor other;
            using (no_grad()) other = reference.forward(TeacherForcing.Inputs(ids, startId)); // [b,T,V]
            return Divergence.Exact(logits, other);
        });
        return (divergence, divergence);
    }

    (Tensor Values, Tensor Divergence) OfDrawn(GeneratedBatch batch)
    {
        var ids = batch.Tokens.Ids;
        var own = batch.LogProbabilities ?? Recomputed.ByRows(batch.Parts, ids,
            rows => TeacherForcing.LogProbabilities(generator, rows, startId), [.. generator.parameters()]); // [B,T]
        Tensor other;
        using (no_grad()) other = batch.Reference ?? TeacherForcing.LogProbabilities(reference, ids, startId); // [B,T]
        (own, other) = (own * batch.Tokens.Response, other * batch.Tokens.Response); // elsewhere a ratio may be infinite
        return (estimator == KlLossEstimator.K2 ? Divergence.K2(own, other) : Divergence.K3(own, other), own - other);
    }
}
