using TorchSharp.Modules;

namespace TextGan.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum. The state and the results are those of TorchSharp's SGD, but the numbers are held
/// (<see cref="Native.HeldScalars"/>).
/// </summary>
public sealed class SgdOptimizer : SGD
{
    /// <param name="parameters">What learns.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="momentum">Share of the previous step that is added to the next; 0 for none.</param>
    public SgdOptimizer(IEnumerable<Parameter> parameters, double learningRate, double momentum)
        : base(parameters, learningRate, momentum) =>
        AdjacentTensors.Pack(this.parameters());

    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure!);

    void Step(ParamGroup group)
    {
        var learning = group.Parameters.Where(parameter => parameter.grad is not null).ToArray();
        if (group.Momentum != 0) Begin([.. learning.Where(parameter => StateOf(parameter).momentum_buffer is null)]);
        foreach (var row in AdjacentTensors.Join([.. learning.Select(parameter => Tensors(parameter, group.Momentum))]))
        {
            var (parameter, step) = (row[0], row[1]);
            if (row.Length > 2) step = row[2].mul_(Held(group.Momentum)).AddInPlace(row[1]); // m ← μ m + g
            parameter.add_(step, Held(-group.LearningRate));
        }
    }

    /// <summary>The velocity of parameters that have not moved.</summary>
    void Begin(Parameter[] still)
    {
        foreach (var (parameter, zeros) in still.Zip(AdjacentTensors.ZerosLike(still)))
            StateOf(parameter).momentum_buffer = zeros.DetachFromDisposeScope();
    }

    State StateOf(Parameter parameter) => (State)_state[parameter.Handle];

    Tensor[] Tensors(Parameter parameter, double momentum) => momentum == 0 ? [parameter, parameter.grad!]
        : [parameter, parameter.grad!, StateOf(parameter).momentum_buffer];
}
