using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>A function with a backward pass of its own, which may fail: see <see cref="BackwardPass"/>.</summary>
public abstract class GuardedFunction<T> : autograd.SingleTensorFunction<T> where T : GuardedFunction<T>, new()
{
    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardPass.Guard(() => Gradients(ctx, grad_output));

    /// <summary>The gradient of each argument, null for none.</summary>
    protected abstract List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output);
}

/// <summary>The same for a function with several results.</summary>
public abstract class GuardedMultiFunction<T> : autograd.MultiTensorFunction<T> where T : GuardedMultiFunction<T>, new()
{
    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) =>
        BackwardPass.Guard(() => Gradients(ctx, grad_outputs));

    /// <inheritdoc cref="GuardedFunction{T}.Gradients"/>
    protected abstract List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> grad_outputs);
}
