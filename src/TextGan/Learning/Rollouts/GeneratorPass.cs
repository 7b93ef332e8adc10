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
        if (request.Parts > 1) return InParts(request, texts);
        using var scope = NewDisposeScope();
        var generator = request.Generator;
        var hidden = generator.Hidden(TeacherForcing.Inputs(texts.Ids, request.StartId)); // [B,T,H]
        var logits = generator.Logits(hidden); // [B,T,V]
        var logProbabilities = logits.log_softmax(-1).gather(-1, texts.Ids.unsqueeze(-1)).squeeze(-1); // [B,T]
        return new GeneratorPass(hidden.detach(), request.NeedsLogits ? logits : null, logProbabilities).Outlive();
    }

    /// <summary>Part after part, without the logits [B,T,V].</summary>
    static GeneratorPass InParts(RolloutRequest request, TextBatch texts)
    {
        using var scope = NewDisposeScope();
        var generator = request.Generator;
        List<Tensor>? states = []; // of the first reading
        var logProbabilities = Recomputed.ByRows(request.Parts, texts.Ids, ids =>
        {
            var hidden = generator.Hidden(TeacherForcing.Inputs(ids, request.StartId)); // [b,T,H]
            states?.Add(hidden.detach().DetachFromDisposeScope());
            return TeacherForcing.LogProbabilities(generator, ids, hidden);
        }, [.. generator.parameters()]); // [B,T]
        var all = cat(states);
        foreach (var state in states) state.Dispose();
        states = null;
        return new GeneratorPass(all, null, logProbabilities).Outlive();
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
