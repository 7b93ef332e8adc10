using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// A function whose inner results are not kept for the backward pass but computed once more in it (Chen et al., 1604.06174): memory for
/// time. Values and gradients are those of the function itself. Can be differentiated once.
/// </summary>
public static class Recomputed
{
    /// <summary>y = f(x).</summary>
    /// <param name="function">f; what it draws at random is the same both times.</param>
    /// <param name="x">Its input, which is kept.</param>
    /// <param name="weights">What f uses besides and has a gradient; not to change before the backward pass.</param>
    public static Tensor Of(Func<Tensor, Tensor> function, Tensor x, IReadOnlyList<Tensor> weights) =>
        is_grad_enabled() && (x.requires_grad || weights.Any(weight => weight.requires_grad))
            ? Function.apply([x, .. weights, function]) : function(x);

    /// <summary>
    /// The same by parts of the rows: no more than one part's inner results exist at a time, whatever is made of y.
    /// </summary>
    /// <param name="parts">How many, as equal as can be; with 1 nothing is recomputed.</param>
    /// <param name="rows">[B,...].</param>
    /// <param name="function">[b,...] → [b,...], row by row.</param>
    /// <param name="weights">What it uses besides and has a gradient.</param>
    public static Tensor ByRows(int parts, Tensor rows, Func<Tensor, Tensor> function, IReadOnlyList<Tensor> weights) => parts == 1
        ? function(rows)
        : cat([.. Parts(rows.shape[0], parts).Select(part => Of(function, rows.narrow(0, part.From, part.Count), weights))]);

    /// <summary>Divides rows into parts that differ by one row at most; fewer where there are fewer rows.</summary>
    public static IEnumerable<(long From, long Count)> Parts(long rows, int parts)
    {
        for (var i = 0; i < Math.Min(parts, rows); i++)
        {
            var (from, to) = (rows * i / Math.Min(parts, rows), rows * (i + 1) / Math.Min(parts, rows));
            yield return (from, to - from);
        }
    }

    sealed class Function : GuardedFunction<Function>
    {
        public override string Name => nameof(Recomputed);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, weights, function) = ((Tensor)vars[0], vars[1..^1].Cast<Tensor>().ToArray(), (Func<Tensor, Tensor>)vars[^1]);
            ctx.save_for_backward([x, RandomState(x.device)]);
            ctx.save_data("asks for x", x.requires_grad);
            ctx.save_data("weights", weights);
            ctx.save_data("function", function);
            // With a graph, which is then let go: without one, other kernels may be chosen than in the backward pass.
            using var scope = NewDisposeScope();
            using var _ = enable_grad();
            return function(x.detach().requires_grad_(x.requires_grad)).detach().MoveToOuterDisposeScope();
        }

        protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
        {
            if (is_grad_enabled()) throw new NotSupportedException("What is recomputed can be differentiated once, not twice.");
            using var scope = NewDisposeScope();
            var saved = ctx.get_saved_variables();
            var (weights, asksForX) = ((Tensor[])ctx.get_data("weights"), (bool)ctx.get_data("asks for x"));
            var x = saved[0].detach().requires_grad_(asksForX);
            Tensor[] wanted = [.. asksForX ? [x] : (Tensor[])[], .. weights];
            using var gradients = enable_grad();
            var y = WithRandomState(saved[1], x.device, () => ((Func<Tensor, Tensor>)ctx.get_data("function"))(x));
            var found = autograd.grad([y], wanted, [grad_output], allow_unused: true);
            var outer = found.Select(gradient => gradient is null || gradient.IsInvalid ? null! : gradient.MoveToOuterDisposeScope());
            return [.. asksForX ? [] : (Tensor[])[null!], .. outer, null!];
        }
    }

    /// <summary>
    /// The state that later random numbers depend on. TorchSharp cannot read that of a CUDA device, which is given a new seed instead.
    /// </summary>
    static Tensor RandomState(Device device)
    {
        if (device.type != DeviceType.CUDA) return get_rng_state();
        var seed = randint(long.MaxValue, [1], int64);
        cuda.manual_seed_all(seed.item<long>());
        return seed;
    }

    /// <summary>Computes with the random numbers of then, and leaves those of now as they were.</summary>
    static Tensor WithRandomState(Tensor state, Device device, Func<Tensor> compute)
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.manual_seed_all(state.item<long>());
            return compute();
        }
        var now = get_rng_state();
        set_rng_state(state);
        var result = compute();
        set_rng_state(now);
        return result;
    }
}
