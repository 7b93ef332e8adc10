using TextGan.Kernels;
using TextGan.Native;
using static TorchSharp.torch;

namespace TextGan.Estimators;

/// <summary>
/// A Gumbel-softmax draw for logits in main memory: noise, softmax and the drawn token in one pass over a row while it is in the
/// cache, and one pass for the gradient, dx = y ⊙ (g - Σ g y)/τ.
/// </summary>
public sealed unsafe class CpuGumbelSoftmax : autograd.SingleTensorFunction<CpuGumbelSoftmax>
{
    public override string Name => nameof(CpuGumbelSoftmax);

    /// <param name="logits">[B,V] float, contiguous, in main memory.</param>
    /// <param name="alive">[B] bool: texts that have not ended; the others get the end token for certain, without a gradient.</param>
    /// <param name="τ">The temperature.</param>
    /// <param name="relaxation">What is shown.</param>
    /// <param name="endId">The token that ends a text, or null.</param>
    /// <param name="seed">Of the noise of the whole batch.</param>
    /// <param name="position">Which position of the texts this is.</param>
    public static RelaxedDraw Draw(Tensor logits, Tensor alive, double τ, Relaxation relaxation, int? endId, long seed, int position)
    {
        using var scope = NewDisposeScope();
        var tokens = empty([logits.shape[0]], int64);
        var shown = apply(logits, alive, tokens, (float)τ, relaxation, endId ?? -1, seed, position); // [B,V]
        var left = endId is { } end ? alive & tokens.ne(Held(end)) : alive.alias();
        return new RelaxedDraw(shown.MoveToOuterDisposeScope(), tokens.MoveToOuterDisposeScope(), left.MoveToOuterDisposeScope());
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (logits, alive, tokens) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        var (τ, relaxation, endId, seed, position) = ((float)vars[3], (Relaxation)vars[4], (int)vars[5], (long)vars[6], (int)vars[7]);
        var (rows, vocabulary) = ((int)logits.shape[0], (int)logits.shape[1]);
        var soft = empty_like(logits); // [B,V]
        var hard = relaxation == Relaxation.StraightThrough ? zeros_like(logits) : null;
        var (source, target, oneHot) = ((nint)CpuLoop.Floats(logits), (nint)CpuLoop.Floats(soft), hard is null ? 0 : (nint)CpuLoop.Floats(hard));
        var drawn = (nint)CpuLoop.Integers(tokens);
        fixed (byte* first = alive.bytes)
        {
            var living = (nint)first;
            CpuLoop.Share(rows, logits.numel(), (begin, end) =>
            {
                for (var row = begin; row < end; row++)
                {
                    var y = new Span<float>((float*)target + (long)row * vocabulary, vocabulary);
                    var token = endId;
                    if (((byte*)living)[row] != 0) token = GumbelRow.Draw(new((float*)source + (long)row * vocabulary, vocabulary), y, τ, new GumbelNoise(seed, (long)position * rows + row));
                    else
                    {
                        y.Clear();
                        y[endId] = 1;
                    }
                    ((long*)drawn)[row] = token;
                    if (oneHot != 0) ((float*)oneHot)[(long)row * vocabulary + token] = 1;
                }
            });
        }
        ctx.save_data(nameof(τ), τ);
        // Detached: an output that its own node kept would keep the node.
        ctx.save_for_backward([soft.detach()]);
        return hard ?? soft;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        if (is_grad_enabled()) throw new NotSupportedException("A Gumbel-softmax draw can be differentiated once, not twice.");
        using var scope = NewDisposeScope();
        var soft = ctx.get_saved_variables()[0]; // [B,V]
        var gradient = grad_output.contiguous();
        var result = empty_like(soft);
        var (rows, vocabulary, scale) = ((int)soft.shape[0], (int)soft.shape[1], 1 / (float)ctx.get_data("τ"));
        var (values, incoming, target) = ((nint)CpuLoop.Floats(soft), (nint)CpuLoop.Floats(gradient), (nint)CpuLoop.Floats(result));
        CpuLoop.Share(rows, soft.numel(), (begin, end) =>
        {
            for (var row = begin; row < end; row++)
            {
                var offset = (long)row * vocabulary;
                GumbelRow.Gradient(new((float*)values + offset, vocabulary), new((float*)incoming + offset, vocabulary), new((float*)target + offset, vocabulary), scale);
            }
        });
        return [result.MoveToOuterDisposeScope(), null!, null!, null!, null!, null!, null!, null!];
    }
}
