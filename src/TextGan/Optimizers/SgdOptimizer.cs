using TorchSharp.Modules;

namespace TextGan.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum. The state and the results are those of TorchSharp's SGD, but the numbers are held
/// (<see cref="Native.HeldScalars"/>).
/// </summary>
/// <param name="parameters">What learns.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="momentum">Share of the previous step that is added to the next; 0 for none.</param>
public sealed class SgdOptimizer(IEnumerable<Parameter> parameters, double learningRate, double momentum)
    : SGD(parameters, learningRate, momentum)
{
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure!);

    void Step(ParamGroup group)
    {
        foreach (var parameter in group.Parameters)
            if (parameter.grad is { } gradient)
                parameter.add_(group.Momentum == 0 ? gradient
                    : Velocity(gradient, group.Momentum, (State)_state[parameter.Handle]), Held(-group.LearningRate));
    }

    /// <summary>m ← μ m + g, which begins with the first gradient.</summary>
    static Tensor Velocity(Tensor gradient, double momentum, State state)
    {
        if (state.momentum_buffer is { } buffer) buffer.mul_(Held(momentum)).AddInPlace(gradient);
        else state.momentum_buffer = gradient.detach().clone().DetachFromDisposeScope();
        return state.momentum_buffer;
    }
}
