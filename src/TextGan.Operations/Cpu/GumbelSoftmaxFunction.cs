using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// A Gumbel-softmax draw for logits in main memory: noise, softmax and the drawn token in one pass over a row while it is in the
/// cache, and one pass for the gradient, dx = y ⊙ (g - Σ g y)/τ.
/// </summary>
sealed unsafe class GumbelSoftmaxFunction : GuardedFunction<GumbelSoftmaxFunction>
{
    public override string Name => nameof(GumbelSoftmaxFunction);

    public static bool Supports(Tensor logits) => Processor.HasMiddleVectors && CpuLoop.Supports(logits);

    /// <inheritdoc cref="GumbelSoftmax.Draw(RelaxedTexts, int, Tensor, Tensor)"/>
    public static RelaxedDraw Draw(RelaxedTexts texts, int position, Tensor logits, Tensor alive)
    {
        using var scope = NewDisposeScope();
        var tokens = empty([logits.shape[0]], int64);
        var shown = apply(logits, alive, tokens, texts, position); // [B,V]
        var left = texts.EndId is { } end ? alive & tokens.ne(Held(end)) : alive.alias();
        return new RelaxedDraw(shown.MoveToOuterDisposeScope(), tokens.MoveToOuterDisposeScope(), left.MoveToOuterDisposeScope());
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (logits, alive, tokens) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        var (texts, position) = ((RelaxedTexts)vars[3], (int)vars[4]);
        var (τ, endId, seed) = ((float)texts.Temperature, texts.EndId ?? -1, texts.Seed);
        var (rows, vocabulary) = ((int)logits.shape[0], (int)logits.shape[1]);
        var soft = empty_like(logits); // [B,V]
        var hard = texts.StraightThrough ? zeros_like(logits) : null;
        var (source, target, oneHot) = ((nint)CpuLoop.Floats(logits), (nint)CpuLoop.Floats(soft), hard is null ? 0
            : (nint)CpuLoop.Floats(hard));
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
                    if (((byte*)living)[row] != 0)
                        token = GumbelRow.Draw(new((float*)source + (long)row * vocabulary, vocabulary), y, τ,
                            new GumbelNoise(seed, (long)position * rows + row));
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

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
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
                GumbelRow.Gradient(new((float*)values + offset, vocabulary), new((float*)incoming + offset, vocabulary),
                    new((float*)target + offset, vocabulary), scale);
            }
        });
        return [result.MoveToOuterDisposeScope(), null!, null!, null!, null!];
    }
}
