using System.Numerics;
using System.Runtime.InteropServices;
using TextGan.Kernels;
using TextGan.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Optimizers;

/// <summary>
/// Adam (1412.6980), with decoupled weight decay AdamW (1711.05101), in one pass over each parameter's memory on the CPU, where
/// tensor operations make ten. Elsewhere, and with a closure, it is done by tensor operations. The state is that of TorchSharp's AdamW. Each parameter group has
/// settings of its own; a parameter without a gradient is left as it is, weight decay included.
/// </summary>
public sealed class FusedAdam : AdamW
{
    /// <summary>Numbers in a part of a parameter; parts are shared among the threads.</summary>
    const int PartSize = 1 << 14;

    /// <summary>What a parameter's group and step count decide.</summary>
    readonly record struct Factors(double Beta1, double Beta2, float Epsilon, float StepSize, float RootCorrection, float Keep);

    /// <summary>A stretch of one parameter with its gradient and moments.</summary>
    readonly record struct Part(nint Weights, nint Gradients, nint Means, nint Squares, int Count, Factors Factors);

    readonly List<Part> parts = [];

    /// <param name="parameters">What learns.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="beta1">Decay of the mean of gradients.</param>
    /// <param name="beta2">Decay of the mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="weightDecay">Decoupled: each step first takes the share learningRate · weightDecay off a parameter.</param>
    public FusedAdam(IEnumerable<Parameter> parameters, double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
        : this([new ParamGroup { Parameters = parameters }], learningRate, beta1, beta2, epsilon, weightDecay) { }

    /// <summary>With several groups of parameters. What a group's options leave open is taken from the arguments.</summary>
    /// <inheritdoc cref="FusedAdam(IEnumerable{Parameter}, double, double, double, double, double)" path="/param"/>
    public FusedAdam(IEnumerable<ParamGroup> groups, double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
        : base(groups, learningRate, beta1, beta2, epsilon, weightDecay) { }

    /// <summary>Forgets the gradients instead of filling them with zeros: the next backward pass then need not add to them.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in parameters()) parameter.grad = null;
    }

    public override Tensor step(Func<Tensor>? closure = null)
    {
        using var _ = no_grad();
        if (closure is not null || !_parameter_groups.All(CanFuse)) return _step<ParamGroup>(StepByTensors, closure!);
        using (NewDisposeScope())
        {
            parts.Clear();
            var count = 0L;
            foreach (var group in _parameter_groups)
                foreach (var parameter in group.Parameters)
                    if (parameter.grad is { } gradient) count += Enlist(parameter, gradient.contiguous(), (State)_state[parameter.Handle], (Options)group.Options);
            CpuLoop.Share(parts.Count, count, Update);
        }
        return null!; // as TorchSharp does without a closure
    }

    /// <summary>TorchSharp's step to the bit, with held numbers (<see cref="HeldScalars"/>).</summary>
    void StepByTensors(ParamGroup group)
    {
        var options = group.Options;
        var (rate, beta1, beta2) = (options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value);
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient) continue;
            if (options.maximize == true) gradient = -gradient;
            var state = (State)_state[parameter.Handle];
            state.step++;
            parameter.mul_(Held(1 - rate * options.weight_decay!.Value));
            state.exp_avg.mul_(Held(beta1)).add_(gradient, Held(1 - beta1));
            state.exp_avg_sq.mul_(Held(beta2)).addcmul_(gradient, gradient, Held(1 - beta2));
            var squares = options.amsgrad == true ? state.max_exp_avg_sq.copy_(maximum(state.max_exp_avg_sq, state.exp_avg_sq)) : state.exp_avg_sq;
            var deviation = (squares.sqrt() / Held(Math.Sqrt(1 - Math.Pow(beta2, state.step)))).AddInPlace(options.eps!.Value);
            parameter.addcdiv_(state.exp_avg, deviation, Held(-rate / (1 - Math.Pow(beta1, state.step))));
        }
    }

    static bool CanFuse(TorchSharp.Modules.ParamGroup group) =>
        group.Options is Options { amsgrad: not true, maximize: not true } && group.Parameters.All(CpuLoop.Takes);

    unsafe long Enlist(Parameter parameter, Tensor gradient, State state, Options options)
    {
        state.step++;
        var (rate, beta1, beta2) = (options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value);
        var factors = new Factors(beta1, beta2, (float)options.eps!.Value,
            StepSize: (float)(rate / (1 - Math.Pow(beta1, state.step))),
            RootCorrection: (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, state.step))),
            Keep: (float)(1 - rate * options.weight_decay!.Value));
        float* weights = CpuLoop.Floats(parameter), gradients = CpuLoop.Floats(gradient);
        float* means = CpuLoop.Floats(state.exp_avg), squares = CpuLoop.Floats(state.exp_avg_sq);
        var count = (int)parameter.numel();
        for (var begin = 0; begin < count; begin += PartSize)
            parts.Add(new Part((nint)(weights + begin), (nint)(gradients + begin), (nint)(means + begin), (nint)(squares + begin),
                Math.Min(PartSize, count - begin), factors));
        return count;
    }

    unsafe void Update(int begin, int end)
    {
        for (var i = begin; i < end; i++)
        {
            var part = parts[i];
            Update(new((float*)part.Weights, part.Count), new((float*)part.Gradients, part.Count), new((float*)part.Means, part.Count),
                new((float*)part.Squares, part.Count), part.Factors);
        }
    }

    static void Update(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, Factors factors)
    {
        var (beta1, beta2, ε, stepSize, rootCorrection, keep) = factors;
        var (b1, b2) = ((float)beta1, (float)beta2);
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
