using TorchSharp.Modules;

namespace TextGan.Optimizers;

/// <summary>
/// RMSprop (Tieleman and Hinton, lecture 6e). The state and the results are those of TorchSharp's RMSProp, but the numbers are held
/// (<see cref="Native.HeldScalars"/>).
/// </summary>
/// <param name="parameters">What learns.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="alpha">Decay of the mean of squared gradients.</param>
public sealed class RmsPropOptimizer(IEnumerable<Parameter> parameters, double learningRate, double alpha)
    : RMSProp(parameters, learningRate, alpha)
{
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure!);

    void Step(ParamGroup group)
    {
        var (decay, epsilon) = (group.Options.alpha!.Value, group.Options.eps!.Value);
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient) continue;
            var state = (State)_state[parameter.Handle];
            state.step++;
            state.square_avg.mul_(Held(decay)).addcmul_(gradient, gradient, Held(1 - decay));
            parameter.addcdiv_(gradient, state.square_avg.sqrt().AddInPlace(epsilon), Held(-group.LearningRate));
        }
    }
}
