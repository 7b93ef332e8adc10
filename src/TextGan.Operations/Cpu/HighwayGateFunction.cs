using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// <see cref="HighwayGate"/> for floats in main memory, in one pass forward and one backward: with s = σ(g), dx = (1 - s) dy, dh = s dy
/// where h is positive, dg = (relu(h) - x) s (1 - s) dy.
/// </summary>
sealed unsafe class HighwayGateFunction : GuardedFunction<HighwayGateFunction>
{
    /// <summary>Fewer numbers are not worth the call.</summary>
    const long WorthIt = 1 << 14;

    public override string Name => nameof(HighwayGateFunction);

    public static bool Supports(Tensor input, Tensor transform, Tensor gate) =>
        CpuLoop.Supports(input) && CpuLoop.Supports(transform) && CpuLoop.Supports(gate) && input.numel() >= WorthIt;

    public static Tensor Of(Tensor input, Tensor transform, Tensor gate) => apply(input, transform, gate);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] given = [.. vars.Cast<Tensor>()];
        ctx.save_for_backward([.. given]);
        var result = empty_like(given[0]);
        var (x, h, g, y) = (Address(given[0]), Address(given[1]), Address(given[2]), Address(result));
        Run(result.numel(), i =>
        {
            var value = Vector.Load((float*)x + i);
            var difference = Rectified(Vector.Load((float*)h + i)) - value;
            Vector.Store(value + FastSigmoid.Sigmoid(Vector.Load((float*)g + i)) * difference, (float*)y + i);
        });
        return result;
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var gradients = is_grad_enabled() ? Differentiable(saved, grad_output) : Once(saved, grad_output.contiguous());
        return [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
    }

    static Tensor?[] Once(List<Tensor> saved, Tensor gradient)
    {
        Tensor[] results = [empty_like(gradient), empty_like(gradient), empty_like(gradient)];
        var (x, h, g, dy) = (Address(saved[0]), Address(saved[1]), Address(saved[2]), Address(gradient));
        var (dx, dh, dg) = (Address(results[0]), Address(results[1]), Address(results[2]));
        Run(gradient.numel(), i =>
        {
            var (value, above) = (Vector.Load((float*)h + i), Vector.Load((float*)dy + i));
            var open = FastSigmoid.Sigmoid(Vector.Load((float*)g + i));
            var passed = open * above;
            Vector.Store(above - passed, (float*)dx + i);
            Vector.Store(Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<float>.Zero), passed, Vector<float>.Zero),
                (float*)dh + i);
            Vector.Store((Rectified(value) - Vector.Load((float*)x + i)) * (passed - open * passed), (float*)dg + i);
        });
        return results;
    }

    /// <summary>A gradient that can be differentiated itself, as a gradient penalty does: that of the tensor operations.</summary>
    static Tensor?[] Differentiable(List<Tensor> saved, Tensor gradient)
    {
        var asked = Enumerable.Range(0, saved.Count).Where(i => saved[i].requires_grad).ToArray();
        var found = autograd.grad([HighwayGate.ByTensors(saved[0], saved[1], saved[2])], [.. asked.Select(i => saved[i])], [gradient],
            retain_graph: true, create_graph: true);
        var results = new Tensor?[saved.Count];
        for (var i = 0; i < asked.Length; i++) results[asked[i]] = found[i];
        return results;
    }

    static nint Address(Tensor tensor) => (nint)CpuLoop.Floats(tensor);

    static Vector<float> Rectified(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);

    /// <summary>Calls <paramref name="body"/> with the place of each vector; the last one may overlap with the one before it.</summary>
    static void Run(long numbers, Action<long> body)
    {
        const int Block = 1 << 12;
        CpuLoop.Share((int)((numbers + Block - 1) / Block), numbers, (begin, end) =>
        {
            var last = Math.Min(numbers, (long)end * Block) - Vector<float>.Count;
            for (var i = (long)begin * Block; i < last; i += Vector<float>.Count) body(i);
            body(last);
        });
    }
}
