using TorchSharp.Modules;
using static TextGan.Native.KeptTensor;

namespace TextGan.Optimizers;

/// <summary>
/// RMSprop (Tieleman and Hinton, lecture 6e). The state and the results are those of TorchSharp's RMSProp, but the numbers are held
/// (<see cref="Native.HeldScalars"/>).
/// </summary>
public sealed class RmsPropOptimizer : RMSProp
{
    /// <param name="parameters">What learns.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="alpha">Decay of the mean of squared gradients.</param>
    public RmsPropOptimizer(IEnumerable<Parameter> parameters, double learningRate, double alpha) : base(parameters, learningRate, alpha)
    {
        Parameter[] all = [.. this.parameters()];
        AdjacentTensors.Pack(all);
        foreach (var (parameter, zeros) in all.Zip(AdjacentTensors.ZerosLike(all)))
            Keep(ref ((State)_state[parameter.Handle]).square_avg!, zeros);
    }

    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure!);

    void Step(ParamGroup group)
    {
        var (decay, epsilon) = (group.Options.alpha!.Value, group.Options.eps!.Value);
        var learning = group.Parameters.Where(parameter => parameter.grad is not null).ToArray();
        foreach (var parameter in learning) ((State)_state[parameter.Handle]).step++;
        foreach (var row in AdjacentTensors.Join([.. learning.Select(Tensors)]))
        {
            var (parameter, gradient, square) = (row[0], row[1], row[2]);
            square.mul_(Held(decay)).addcmul_(gradient, gradient, Held(1 - decay));
            parameter.addcdiv_(gradient, square.sqrt().AddInPlace(epsilon), Held(-group.LearningRate));
        }
    }

    Tensor[] Tensors(Parameter parameter) => [parameter, parameter.grad!, ((State)_state[parameter.Handle]).square_avg];
}
