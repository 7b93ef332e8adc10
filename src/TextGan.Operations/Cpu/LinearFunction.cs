using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary><see cref="LinearLayer"/> for large layers in main memory, by <see cref="MatrixProduct"/>.</summary>
sealed unsafe class LinearFunction : GuardedFunction<LinearFunction>
{
    /// <summary>Below this many multiplications the call costs more than it saves.</summary>
    const long WorthIt = 1 << 22;

    /// <summary>From so many on MKL is faster where it knows the processor: by half for 4,096 rows of 1,200 to 1,200.</summary>
    const long BetterByMkl = 1 << 27;

    public override string Name => nameof(LinearFunction);

    public static bool Supports(Tensor input, Tensor weight) =>
        Processor.HasWideVectors && CpuLoop.Supports(input) && CpuLoop.Supports(weight)
            && input.numel() / weight.shape[1] * weight.numel() is >= WorthIt and var work
            && !(Processor.IsKnownToMkl && work >= BetterByMkl);

    /// <summary>x [...,I], W [O,I] and b [O] or null → y [...,O].</summary>
    public static Tensor Call(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var product = apply(input.view(-1, weight.shape[1]), weight); // [N,O]
        if (bias is not null) product = product.Plus(bias);
        return product.view([.. input.shape[..^1], weight.shape[0]]).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([input, weight]);
        using var scope = NewDisposeScope();
        var (rows, outputs, inputs) = ((int)input.shape[0], (int)weight.shape[0], (int)weight.shape[1]);
        if ((long)rows * (inputs + outputs) > weight.numel())
        {
            var transposedWeight = Transposed.Of(weight); // [I,O]
            var direct = empty(rows, outputs); // [N,O]
            MatrixProduct.Shared(rows, outputs, inputs, CpuLoop.Floats(input), inputs, 1, CpuLoop.Floats(transposedWeight), outputs,
                CpuLoop.Floats(direct), outputs, false);
            return direct.MoveToOuterDisposeScope();
        }
        // yᵀ = W·xᵀ: of the two sides the smaller is transposed over.
        var transposed = Transposed.Of(input); // [I,N]
        var product = empty(outputs, rows); // [O,N]
        MatrixProduct.Shared(outputs, rows, inputs, CpuLoop.Floats(weight), inputs, 1, CpuLoop.Floats(transposed), rows,
            CpuLoop.Floats(product), rows, false);
        return Transposed.Of(product).MoveToOuterDisposeScope();
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (ctx.get_saved_variables()[0], ctx.get_saved_variables()[1]);
        if (is_grad_enabled()) // the gradient is to be differentiated itself
            return [input.requires_grad ? grad_output.mm(weight).MoveToOuterDisposeScope() : null!, weight.requires_grad
                ? grad_output.t().mm(input).MoveToOuterDisposeScope() : null!];
        var (rows, outputs, inputs) = ((int)input.shape[0], (int)weight.shape[0], (int)weight.shape[1]);
        var gradient = grad_output.contiguous(); // [N,O]
        Tensor? ofInput = null, ofWeight = null;
        if (input.requires_grad)
        {
            ofInput = empty_like(input);
            MatrixProduct.Shared(rows, inputs, outputs, CpuLoop.Floats(gradient), outputs, 1, CpuLoop.Floats(weight), inputs,
                CpuLoop.Floats(ofInput), inputs, false);
        }
        if (weight.requires_grad)
        {
            ofWeight = empty_like(weight);
            MatrixProduct.Shared(outputs, inputs, rows, CpuLoop.Floats(gradient), 1, outputs, CpuLoop.Floats(input), inputs,
                CpuLoop.Floats(ofWeight), inputs, false);
        }
        return [ofInput?.MoveToOuterDisposeScope()!, ofWeight?.MoveToOuterDisposeScope()!];
    }
}
