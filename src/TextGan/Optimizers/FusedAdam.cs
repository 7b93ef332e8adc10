using System.Numerics;
using System.Runtime.InteropServices;
using TextGan.Kernels;
using TextGan.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Optimizers;

/// <summary>
/// Adam (1412.6980), with decoupled weight decay AdamW (1711.05101), in one pass over each parameter's memory on the CPU, where
/// tensor operations make ten. On other devices it is done by tensor operations. The state is that of TorchSharp's Adam.
/// </summary>
public sealed class FusedAdam : Adam
{
    /// <summary>Numbers in a part of a parameter; parts are shared among the threads.</summary>
    const int PartSize = 1 << 14;

    /// <summary>A stretch of one parameter with its gradient and moments, and what its step count decides.</summary>
    readonly record struct Part(nint Weights, nint Gradients, nint Means, nint Squares, int Count, float StepSize, float RootCorrection);

    readonly List<Part> parts = [];
    readonly double beta1, beta2, epsilon, weightDecay;

    /// <param name="parameters">What learns.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="beta1">Decay of the mean of gradients.</param>
    /// <param name="beta2">Decay of the mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="weightDecay">Decoupled: each step first takes the share learningRate · weightDecay off a parameter.</param>
    public FusedAdam(IEnumerable<Parameter> parameters, double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
        : base(parameters, learningRate, beta1, beta2, epsilon) =>
        (this.beta1, this.beta2, this.epsilon, this.weightDecay) = (beta1, beta2, epsilon, weightDecay);

    /// <summary>Forgets the gradients instead of filling them with zeros: the next backward pass then need not add to them.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in parameters()) parameter.grad = null;
    }

    public override Tensor step(Func<Tensor>? closure = null)
    {
        using var _ = no_grad();
        Parameter[] learning = [.. _parameter_groups.SelectMany(group => group.Parameters)];
        if (closure is not null || !learning.All(CpuLoop.Takes))
        {
            Decay(learning);
            return _step<ParamGroup>(StepByTensors, closure!);
        }
        using (NewDisposeScope())
        {
            parts.Clear();
            var count = 0L;
            foreach (var parameter in learning)
                if (parameter.grad is { } gradient) count += Enlist(parameter, gradient.contiguous(), (State)_state[parameter.Handle]);
            CpuLoop.Share(parts.Count, count, Update);
        }
        return null!; // as TorchSharp does without a closure
    }

    /// <summary>Equal to TorchSharp's step, but with held numbers (<see cref="HeldScalars"/>).</summary>
    void StepByTensors(ParamGroup group)
    {
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient) continue;
            var state = (State)_state[parameter.Handle];
            state.step++;
            state.exp_avg.mul_(Held(beta1)).add_(gradient, Held(1 - beta1));
            state.exp_avg_sq.mul_(Held(beta2)).addcmul_(gradient, gradient, Held(1 - beta2));
            var deviation = (state.exp_avg_sq.sqrt() / Held(Math.Sqrt(1 - Math.Pow(beta2, state.step)))).AddInPlace(epsilon);
            parameter.addcdiv_(state.exp_avg, deviation, Held(-group.LearningRate / (1 - Math.Pow(beta1, state.step))));
        }
    }

    /// <summary>Decoupled weight decay before a step by tensor operations.</summary>
    void Decay(Parameter[] learning)
    {
        if (weightDecay == 0) return;
        using var scope = NewDisposeScope();
        foreach (var parameter in learning)
            if (parameter.grad is not null) parameter.mul_(Held(1 - Rate * weightDecay));
    }

    double Rate => _parameter_groups[0].LearningRate;

    unsafe long Enlist(Parameter parameter, Tensor gradient, State state)
    {
        state.step++;
        var stepSize = (float)(Rate / (1 - Math.Pow(beta1, state.step)));
        var rootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, state.step)));
        float* weights = CpuLoop.Floats(parameter), gradients = CpuLoop.Floats(gradient);
        float* means = CpuLoop.Floats(state.exp_avg), squares = CpuLoop.Floats(state.exp_avg_sq);
        var count = (int)parameter.numel();
        for (var begin = 0; begin < count; begin += PartSize)
            parts.Add(new Part((nint)(weights + begin), (nint)(gradients + begin), (nint)(means + begin), (nint)(squares + begin),
                Math.Min(PartSize, count - begin), stepSize, rootCorrection));
        return count;
    }

    unsafe void Update(int begin, int end)
    {
        var keep = (float)(1 - Rate * weightDecay);
        for (var i = begin; i < end; i++)
        {
            var part = parts[i];
            Update(new((float*)part.Weights, part.Count), new((float*)part.Gradients, part.Count), new((float*)part.Means, part.Count),
                new((float*)part.Squares, part.Count), part.StepSize, part.RootCorrection, keep);
        }
    }

    void Update(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, float stepSize, float rootCorrection, float keep)
    {
        var (b1, b2, ε) = ((float)beta1, (float)beta2, (float)epsilon);
        var (n1, n2) = ((float)(1 - beta1), (float)(1 - beta2));
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var m = MemoryMarshal.Cast<float, Vector<float>>(means);
        var v = MemoryMarshal.Cast<float, Vector<float>>(squares);
        for (var i = 0; i < w.Length; i++)
        {
            var mean = m[i] * b1 + g[i] * n1;
            var square = v[i] * b2 + g[i] * g[i] * n2;
            (m[i], v[i]) = (mean, square);
            w[i] = w[i] * keep - mean * stepSize / (Vector.SquareRoot(square) * rootCorrection + new Vector<float>(ε));
        }
        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            var mean = means[i] * b1 + gradients[i] * n1;
            var square = squares[i] * b2 + gradients[i] * gradients[i] * n2;
            (means[i], squares[i]) = (mean, square);
            weights[i] = weights[i] * keep - mean * stepSize / (MathF.Sqrt(square) * rootCorrection + ε);
        }
    }
}
