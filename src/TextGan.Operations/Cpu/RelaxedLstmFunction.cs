using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Whole relaxed texts of a generator of one LSTM layer, in main memory, in one call with its gradient: what
/// <see cref="GumbelSoftmaxFunction"/> draws
/// step by step, with the same noise. Each thread leads some texts through all positions, so that threads wait for one another once and not
/// at every operation of every position.
/// </summary>
sealed unsafe class RelaxedLstmFunction : GuardedFunction<RelaxedLstmFunction>
{
    public override string Name => nameof(RelaxedLstmFunction);

    /// <summary>Numbers that <see cref="LstmCell"/> keeps for each unit.</summary>
    const int MemorySize = 6;

    /// <summary>Whether all of it, relaxed tokens [B,T,V] included, can be reached by the loops.</summary>
    public static bool Supports(LstmParts parts, long batch, long length) =>
        Processor.HasWideVectors && CpuLoop.SupportsProduct(parts.Embedding) && CpuLoop.Supports(parts.InputWeight)
            && CpuLoop.Supports(parts.HiddenWeight)
        && CpuLoop.Supports(parts.HeadWeight) && CpuLoop.Supports(parts.HeadBias)
        && batch * length * Math.Max(parts.HeadWeight.shape[0],
            Math.Max(MemorySize * parts.HiddenWeight.shape[1], parts.Embedding.shape[1])) <= int.MaxValue / sizeof(float);

    /// <summary>Draws texts: ids [B,T] int64 and what is shown of them [B,T,V], differentiable in the parameters.</summary>
    public static (Tensor Ids, Tensor Shown) Draw(LstmParts parts, RelaxedTexts texts)
    {
        using var scope = NewDisposeScope();
        var ids = empty([texts.Batch, texts.Length], int64);
        var bias = parts.InputBias.Plus(parts.HiddenBias); // [4H]
        // [B,T,V]
        var shown = apply(parts.Embedding, parts.InputWeight, parts.HiddenWeight, bias, parts.HeadWeight, parts.HeadBias, ids, texts);
        return (ids.MoveToOuterDisposeScope(), shown.MoveToOuterDisposeScope());
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] parts = [.. vars.Take(6).Cast<Tensor>()];
        var (ids, texts) = ((Tensor)vars[6], (RelaxedTexts)vars[7]);
        using var gradients = no_grad();
        var (batch, length, vocabulary, embedding, hidden) =
            (texts.Batch, texts.Length, (int)parts[4].shape[0], (int)parts[0].shape[1], (int)parts[2].shape[1]);
        var soft = empty(batch, length, vocabulary);
        var hard = texts.StraightThrough ? zeros(batch, length, vocabulary) : null;
        var read = empty(batch, length, embedding);
        var states = empty(batch, length, hidden);
        var memory = empty(batch, length, MemorySize * hidden);
        using (var scope = NewDisposeScope())
            new RelaxedLstmForward(parts, texts).Run(ids, soft, hard, read, states, memory);
        ctx.save_data(nameof(texts), texts);
        ctx.save_for_backward([.. parts, ids, soft.detach(), read, states, memory]);
        return hard ?? soft;
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        if (is_grad_enabled()) throw new NotSupportedException("Relaxed texts can be differentiated once, not twice.");
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var gradients = new RelaxedLstmBackward([.. saved[..6]], saved[6], saved[7], saved[8], saved[9], saved[10],
            (RelaxedTexts)ctx.get_data("texts")).Run(grad_output.contiguous());
        return [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!), null!, null!];
    }
}
