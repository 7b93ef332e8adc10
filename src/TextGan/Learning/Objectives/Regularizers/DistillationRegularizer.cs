using TextGan.Generators;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// On-policy distillation: the divergence from a teacher at the prefixes of the responses (<see cref="DistillationOptions"/>).
/// </summary>
/// <param name="generator">The student.</param>
/// <param name="teacher">Frozen, with the student's vocabulary; disposed of by others.</param>
/// <param name="startId">The id before the first token.</param>
/// <param name="divergence">Which.</param>
/// <param name="β">The teacher's share in the mixture of the Jensen-Shannon divergence.</param>
/// <param name="temperature">What logits are divided by.</param>
public sealed class DistillationRegularizer(
    Generator generator, Generator teacher, int startId, DistillationDivergence divergence, double β = 0.5, double temperature = 1)
    : Regularizer
{
    /// <summary>The term's name.</summary>
    public const string TermName = "distillation";

    public override string Name => TermName;

    public override bool NeedsLogits => true;

    public override Tensor Of(GeneratedBatch batch)
    {
        var each = OfLogits(batch, generator, startId, (ids, logits) =>
        {
            Tensor taught;
            using (no_grad()) taught = LogProbabilities(teacher.forward(TeacherForcing.Inputs(ids, startId))); // [b,T,V]
            var own = LogProbabilities(logits); // [b,T,V]
            return divergence switch
            {
                DistillationDivergence.Forward => KullbackLeibler.Of(taught, own),
                DistillationDivergence.Reverse => KullbackLeibler.Of(own, taught),
                _ => KullbackLeibler.JensenShannon(taught, own, β),
            };
        }); // [B,T]
        return Mean(each, batch.Tokens.Response);
    }

    Tensor LogProbabilities(Tensor logits) => (logits / Held(temperature)).log_softmax(-1);
}
