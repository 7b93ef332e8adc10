using TorchSharp.Modules;
using static TextGan.Native.KeptTensor;

namespace TextGan.Optimizers;

/// <summary>
/// Adam (1412.6980), with decoupled weight decay AdamW (1711.05101): <see cref="AdamStep"/> with the state of TorchSharp's AdamW. Each
/// parameter group has settings of its own; a parameter without a gradient is left as it is, weight decay included.
/// </summary>
public sealed class FusedAdam : AdamW
{
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
        : base(groups, learningRate, beta1, beta2, epsilon, weightDecay)
    {
        Parameter[] all = [.. parameters()];
        AdjacentTensors.Pack(all);
        var (means, squares) = (AdjacentTensors.ZerosLike(all), AdjacentTensors.ZerosLike(all));
        for (var i = 0; i < all.Length; i++)
        {
            var state = (State)_state[all[i].Handle];
            Keep(ref state.exp_avg!, means[i]);
            Keep(ref state.exp_avg_sq!, squares[i]);
        }
    }

    /// <summary>Forgets the gradients instead of filling them with zeros: the next backward pass then need not add to them.</summary>
    public override void zero_grad() => Gradients.Clear(parameters());

    public override Tensor step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
            using (enable_grad()) loss = closure();
        using var _ = no_grad();
        using (NewDisposeScope())
        {
            var updates = new List<AdamUpdate>();
            foreach (var group in _parameter_groups)
                foreach (var parameter in group.Parameters)
                    if (parameter.grad is { } gradient)
                        updates.Add(UpdateOf(parameter, gradient, (State)_state[parameter.Handle], (Options)group.Options));
            AdamStep.Take(updates);
        }
        return loss!; // null without a closure, as in TorchSharp
    }

    static AdamUpdate UpdateOf(Parameter parameter, Tensor gradient, State state, Options options)
    {
        state.step++;
        return new AdamUpdate(parameter, options.maximize == true ? -gradient : gradient, state.exp_avg, state.exp_avg_sq,
            options.amsgrad == true ? state.max_exp_avg_sq
                : null, state.step, options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value,
            options.eps!.Value, options.weight_decay!.Value);
    }
}
