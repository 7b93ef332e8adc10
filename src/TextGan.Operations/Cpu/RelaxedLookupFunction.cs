using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary><see cref="RelaxedLookup"/> by <see cref="MatrixProduct"/>.</summary>
sealed unsafe class RelaxedLookupFunction : GuardedFunction<RelaxedLookupFunction>
{
    public override string Name => nameof(RelaxedLookupFunction);

    public static bool Supports(Tensor tensor) => Processor.HasWideVectors && CpuLoop.Supports(tensor);

    public static Tensor Of(Tensor relaxed, Tensor table, PendingGradients? pending) => apply(relaxed, table, pending!);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (relaxed, table) = ((Tensor)vars[0], (Tensor)vars[1]);
        // A table that learns may be all that a pass backward asks for, and then nobody would fetch what pends.
        ctx.save_data("pending", table.requires_grad ? null! : vars[2]);
        ctx.save_data("wanted", (relaxed.requires_grad, table.requires_grad));
        ctx.save_for_backward([relaxed, table]);
        var (vocabulary, width) = ((int)table.shape[0], (int)table.shape[1]);
        var means = empty([.. relaxed.shape[..^1], width]);
        MatrixProduct.Shared((int)(relaxed.numel() / vocabulary), width, vocabulary, CpuLoop.Floats(relaxed), vocabulary, 1,
            CpuLoop.Floats(table), width, CpuLoop.Floats(means), width, false);
        return means;
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var (saved, pending) = (ctx.get_saved_variables(), ctx.get_data("pending") as PendingGradients);
        var (relaxed, table, (ofTokens, ofTable)) = (saved[0], saved[1], ((bool, bool))ctx.get_data("wanted"));
        Tensor? tokens = null, rows = null;
        if (is_grad_enabled()) // the gradient is to be differentiated itself
        {
            if (ofTokens) tokens = grad_output.matmul(table.t());
            if (ofTable) rows = relaxed.flatten(0, -2).t().mm(grad_output.flatten(0, -2));
            return [tokens?.MoveToOuterDisposeScope()!, rows?.MoveToOuterDisposeScope()!, null!];
        }
        var (vocabulary, width) = ((int)table.shape[0], (int)table.shape[1]);
        var gradient = grad_output.contiguous().view(-1, width); // [B·T,E]
        if (ofTable)
        {
            rows = empty_like(table);
            MatrixProduct.Shared(vocabulary, width, (int)gradient.shape[0], CpuLoop.Floats(relaxed), 1, vocabulary,
                CpuLoop.Floats(gradient), width, CpuLoop.Floats(rows), width, false);
        }
        if (ofTokens)
        {
            var own = pending ?? new PendingGradients();
            tokens = own.Add(gradient, table, relaxed.shape);
            if (pending is null) own.AddTo((tokens = empty_like(relaxed)).view(-1, vocabulary), isEmpty: true);
        }
        return [tokens?.MoveToOuterDisposeScope()!, rows?.MoveToOuterDisposeScope()!, null!];
    }
}
