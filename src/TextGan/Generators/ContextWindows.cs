namespace TextGan.Generators;

/// <summary>A model that sees the last tokens of a prefix only.</summary>
public static class ContextWindows
{
    /// <summary>
    /// The hidden state at each place when the model has read only the last k inputs up to it. If there are fewer than k, it has read all
    /// of them, from the start token on.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">[B,T] int64 (<see cref="TeacherForcing.Inputs"/>).</param>
    /// <param name="places">[N] int64: b·T + t.</param>
    /// <param name="context">k, at most T.</param>
    /// <returns>Hidden states [N,H].</returns>
    public static Tensor Hidden(Generator model, Tensor inputs, Tensor places, int context)
    {
        using var scope = NewDisposeScope();
        var position = places.remainder(Held(inputs.shape[1])); // [N]
        var first = position.Plus(1L - context).clamp_min(Held(0L)); // [N]
        var steps = arange(Held(0L), Held((long)context), Held(1L), int64, inputs.device); // [k]
        var window = (places - position).Plus(first).unsqueeze(1).Plus(steps.unsqueeze(0)); // [N,k]
        var read = inputs.flatten().index_select(0, window.flatten()).view(-1, context); // [N,k]
        // A window with fewer than k inputs is filled up with later ones; the state at `last` does not depend on them.
        var last = (position - first).view(-1, 1, 1); // [N,1,1]
        var hidden = model.Hidden(read); // [N,k,H]
        return hidden.gather(1, last.expand(-1, 1, hidden.shape[2])).squeeze(1).MoveToOuterDisposeScope();
    }
}
