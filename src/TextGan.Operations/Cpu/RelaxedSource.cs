using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Relaxed tokens [B,T,V], through which the gradients of all their readers go back: those that pend, and those that came the ordinary way.
/// </summary>
sealed class RelaxedSource : GuardedFunction<RelaxedSource>
{
    public override string Name => nameof(RelaxedSource);

    public static Tensor Of(Tensor relaxed, PendingGradients pending) => apply(relaxed, pending);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data("pending", vars[1]);
        return ((Tensor)vars[0]).detach();
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var pending = (PendingGradients)ctx.get_data("pending");
        if (!pending.Any) return [grad_output.alias().MoveToOuterDisposeScope(), null!];
        var isEmpty = PendingGradients.IsNothing(grad_output);
        var sum = isEmpty ? empty(grad_output.shape) : grad_output.contiguous().clone(); // [B,T,V]
        pending.AddTo(sum.view(-1, sum.shape[^1]), isEmpty);
        return [sum.MoveToOuterDisposeScope(), null!];
    }
}
