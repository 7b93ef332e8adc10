using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// -log softmax(features·Wᵀ + b)[id] in main memory without ever holding all logits: rows are taken in chunks that stay in the cache, and
/// the gradient is made where the logits stand.
/// </summary>
static class CrossEntropyFunctions
{
    /// <summary>
    /// Features [N,D] and ids [N] → the loss of each row [N]. Where gradients are wanted, the backward pass computes the logits again.
    /// </summary>
    public static Tensor Each(LinearHead head, Tensor ids) =>
        WantsGradient(head) ? Losses.apply(head.Features, head.Weight, head.Bias ?? empty(0), ids.contiguous())
            : LogitChunks.Losses(head, ids);

    /// <summary>
    /// Features [N,D] and ids [N] → the sum of the losses, a scalar. Its gradient is ready when it is, so the backward pass only scales it.
    /// </summary>
    public static Tensor Sum(LinearHead head, Tensor ids)
    {
        if (WantsGradient(head)) return Total.apply(head.Features, head.Weight, head.Bias ?? empty(0), ids.contiguous());
        using var scope = NewDisposeScope();
        return LogitChunks.Losses(head, ids).sum().MoveToOuterDisposeScope();
    }

    static bool WantsGradient(LinearHead head) =>
        is_grad_enabled() && (head.Features.requires_grad || head.Weight.requires_grad || head.Bias?.requires_grad == true);

    static LinearHead HeadOf(object[] parts) =>
        new((Tensor)parts[0], (Tensor)parts[1], ((Tensor)parts[2]).numel() == 0 ? null : (Tensor)parts[2]);

    static void RejectSecondDerivative()
    {
        if (is_grad_enabled()) throw new NotSupportedException("This likelihood can be differentiated once, not twice.");
    }

    /// <summary>features, W, b or nothing, ids → [N].</summary>
    sealed class Losses : GuardedFunction<Losses>
    {
        public override string Name => "CrossEntropyLosses";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([.. vars.Cast<Tensor>()]);
            return LogitChunks.Losses(HeadOf(vars), (Tensor)vars[3]);
        }

        protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
        {
            RejectSecondDerivative();
            using var scope = NewDisposeScope();
            var saved = ctx.get_saved_variables();
            var gradients = LogitChunks.Gradients(HeadOf([.. saved]), saved[3], grad_output.contiguous(), out var losses);
            losses.Dispose();
            return [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!), null!];
        }
    }

    /// <summary>features, W, b or nothing, ids → a scalar.</summary>
    sealed class Total : GuardedFunction<Total>
    {
        public override string Name => "CrossEntropyTotal";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            // What is saved is read when this has returned: it belongs to the caller's scope.
            var gradients = LogitChunks.Gradients(HeadOf(vars), (Tensor)vars[3], null, out var losses);
            using (losses)
            {
                ctx.save_for_backward([.. gradients.Select(gradient => gradient ?? empty(0))]);
                return losses.sum();
            }
        }

        protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
        {
            RejectSecondDerivative();
            using var scope = NewDisposeScope();
            return [.. ctx.get_saved_variables().Select(gradient => gradient.numel() == 0 ? null!
                : (gradient * grad_output).MoveToOuterDisposeScope()), null!];
        }
    }
}
