using TextGan.Generators;

namespace TextGan.Training;

/// <summary>The loss of a pretraining with a teacher (<see cref="PretrainingTeacherOptions"/>).</summary>
/// <param name="options">Share, temperature and context.</param>
/// <param name="teacher">Frozen, with the student's vocabulary; disposed of with this.</param>
/// <param name="startId">The token before the first one.</param>
public sealed class WordDistillation(PretrainingTeacherOptions options, Generator teacher, int startId) : IDisposable
{
    /// <summary>
    /// The mean over the tokens that count, or, with a context, over those that are drawn of them; a scalar, differentiable in the
    /// student's parameters. Without any such token it is 0.
    /// </summary>
    public Tensor Loss(Generator student, TextBatch batch)
    {
        using var scope = NewDisposeScope();
        var inputs = TeacherForcing.Inputs(batch.Ids, startId); // [B,T]
        var (targets, weights) = (batch.Ids.flatten(), batch.Response.flatten()); // [N], N = B·T
        if (options.Context is not { } context)
            return Mean(Each(student.Logits(student.Hidden(inputs).flatten(0, 1)), targets, TaughtAt(inputs, null)), weights);

        // Of a batch without any token that counts something must be drawn nevertheless, which then has no weight.
        var places = weights.Plus(1e-20).multinomial(options.Positions * batch.Batch, replacement: true); // [N]
        var own = student.Logits(ContextWindows.Hidden(student, inputs, places, context)); // [N,V]
        return Mean(Each(own, targets.index_select(0, places), TaughtAt(inputs, places)), weights.index_select(0, places));
    }

    /// <summary>The teacher's distributions [N,V], everywhere or at some places; null where they do not count.</summary>
    Tensor? TaughtAt(Tensor inputs, Tensor? places)
    {
        if (options.Share == 0) return null;
        using var _ = no_grad();
        var hidden = teacher.Hidden(inputs).flatten(0, 1); // [B·T,H]
        return (teacher.Logits(places is null ? hidden : hidden.index_select(0, places)) / Held(options.Temperature)).softmax(-1);
    }

    /// <summary>[N] of the student's logits [N,V], the texts' tokens [N] and the teacher's distributions [N,V].</summary>
    Tensor Each(Tensor own, Tensor targets, Tensor? taught)
    {
        var likelihood = options.Share == 1 ? null : nn.functional.cross_entropy(own, targets, reduction: nn.Reduction.None);
        if (taught is null) return likelihood!;
        var τ = options.Temperature;
        var distillation = -(taught * (own / Held(τ)).log_softmax(-1)).sum(-1) * Held(τ * τ * options.Share);
        return likelihood is null ? distillation : distillation.Plus(likelihood * Held(1 - options.Share));
    }

    static Tensor Mean(Tensor each, Tensor weights) =>
        ((each * weights).sum() / weights.sum().clamp_min(Held(1))).MoveToOuterDisposeScope();

    public void Dispose() => teacher.Dispose();
}
