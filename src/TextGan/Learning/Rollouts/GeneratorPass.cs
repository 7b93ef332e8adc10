using TextGan.Generators;

namespace TextGan.Learning.Rollouts;

/// <summary>The generator's reading of given texts, in one pass by teacher forcing.</summary>
/// <param name="Hidden">[B,T,H], detached: its state before the token at t.</param>
/// <param name="Logits">[B,T,V] of the token at each position; null where nobody needs them.</param>
/// <param name="LogProbabilities">[B,T]: log p(x_t | x_&lt;t).</param>
public sealed record GeneratorPass(Tensor Hidden, Tensor? Logits, Tensor LogProbabilities)
{
    /// <summary>Reads texts [B,T]; differentiable where gradients are on.</summary>
    public static GeneratorPass Over(RolloutRequest request, TextBatch texts)
    {
        using var scope = NewDisposeScope();
        var generator = request.Generator;
        var hidden = generator.Hidden(TeacherForcing.Inputs(texts.Ids, request.StartId)); // [B,T,H]
        var logits = generator.Logits(hidden); // [B,T,V]
        var logProbabilities = logits.log_softmax(-1).gather(-1, texts.Ids.unsqueeze(-1)).squeeze(-1); // [B,T]
        return new GeneratorPass(hidden.detach(), request.NeedsLogits ? logits : null, logProbabilities).Outlive();
    }

    /// <summary>Moves the tensors to the scope around the present one.</summary>
    public GeneratorPass Outlive()
    {
        Hidden.MoveToOuterDisposeScope();
        Logits?.MoveToOuterDisposeScope();
        LogProbabilities.MoveToOuterDisposeScope();
        return this;
    }
}
