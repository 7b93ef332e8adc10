using TextGan.Native;
using TextGan.Optimizers;
using TorchSharp;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;

namespace TextGan.Generators.Search;

/// <summary>v(h): a two-layer network on a generator's hidden states, fitted by least squares. The states are never changed.</summary>
public sealed class ValueNetwork : IStateful, IDisposable
{
    readonly TorchSharp.Modules.Sequential network;
    readonly optim.Optimizer optimizer;
    readonly PendingStep step;

    /// <param name="hiddenSize">H of the generator.</param>
    /// <param name="width">Width of the hidden layer.</param>
    /// <param name="optimizer">How it learns.</param>
    /// <param name="device">Where the hidden states are.</param>
    public ValueNetwork(int hiddenSize, int width, OptimizerOptions optimizer, Device device)
    {
        using var unfinished = new Unfinished();
        network = unfinished.Add(nn.Sequential(("in", nn.Linear(hiddenSize, width)), ("tanh", nn.Tanh()), ("out", nn.Linear(width, 1))));
        network.to(device);
        this.optimizer = unfinished.Finish(optimizer.BuildChecked(new OptimizerContext(network.parameters())));
        step = new PendingStep(this.optimizer);
    }

    /// <summary>[...,H] → [...]; differentiable in its own parameters.</summary>
    public Tensor Of(Tensor hidden) => network.forward(hidden).squeeze(-1);

    /// <summary>What beginnings are worth, by their states.</summary>
    public Tensor Of(Prefixes prefixes) => Of(prefixes.Hidden);

    /// <summary>
    /// Prepares a step down the gradient of the errors' mean, which it returns; <see cref="TakeStep"/> takes it.
    /// </summary>
    /// <param name="errors">Made from <see cref="Of(Tensor)"/>.</param>
    /// <param name="mask">Of the same shape: 1 where an error counts.</param>
    public Tensor Learn(Tensor errors, Tensor mask)
    {
        var loss = (errors * mask).sum() / mask.sum().clamp_min(Held(1));
        Gradients.Clear(network.parameters());
        BackwardPass.Run(loss);
        step.Prepare(loss.detach().Plus(EuclideanNorm.Limit(AdjacentTensors.GatherGradients(network.parameters()), 0)));
        return loss;
    }

    /// <summary>Takes the prepared step, if there is one and its figures are finite.</summary>
    public void TakeStep() => step.Take();

    /// <summary>
    /// Learns the rewards of whole texts from the states before each token of their responses → 0-dim: the mean squared error and the share
    /// of the variance that was explained, both before the first step; NaN where there are no steps.
    /// </summary>
    /// <param name="generator">Whose states they are.</param>
    /// <param name="texts">[M,T].</param>
    /// <param name="rewards">[M].</param>
    /// <param name="startId">The id before the first token.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="batch">Texts in an update.</param>
    public (Tensor Loss, Tensor Explained) Fit(
        Generator generator, TextBatch texts, Tensor rewards, int startId, int steps, int batch)
    {
        using var scope = NewDisposeScope();
        Tensor loss = tensor(float.NaN), explained = tensor(float.NaN);
        for (var i = 0; i < steps; i++)
        {
            using var update = NewDisposeScope();
            var rows = randint(0, texts.Batch, [Math.Min(batch, texts.Batch)], device: texts.Device); // [b]
            var mask = texts.Response.index_select(0, rows); // [b,T]
            var targets = rewards.index_select(0, rows).unsqueeze(1).expand_as(mask); // [b,T]
            Tensor states;
            using (no_grad()) states = generator.Hidden(TeacherForcing.Inputs(texts.Ids.index_select(0, rows), startId)); // [b,T,H]
            using var gradients = enable_grad();
            var values = Of(states); // [b,T]
            var found = Learn((values - targets).Squared(), mask);
            if (i == 0)
                (loss, explained) = (found.detach().MoveToOuterDisposeScope(),
                    Explained(values.detach(), targets, mask).MoveToOuterDisposeScope());
            TakeStep();
        }
        return (loss.MoveToOuterDisposeScope(), explained.MoveToOuterDisposeScope());
    }

    /// <summary>1 - Var(R - v)/Var(R) where the mask is 1; 0 where all targets are equal.</summary>
    public static Tensor Explained(Tensor values, Tensor target, Tensor mask)
    {
        using var _ = no_grad();
        var count = mask.sum().clamp_min(Held(1));
        Tensor Variance(Tensor signal) => ((signal - (signal * mask).sum() / count).Squared() * mask).sum() / count;
        var all = Variance(target);
        return where(all.gt(Held(1e-12)), Held(1.0).Minus(Variance(target - values) / all.clamp_min(Held(1e-12))), zeros_like(all));
    }

    public void Save(StateBag bag)
    {
        step.Take();
        ModuleState.Save(network, bag.Scope("weights"));
        OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
    }

    public void Load(StateBag bag)
    {
        step.Forget();
        ModuleState.Load(network, bag.Scope("weights"));
        OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
    }

    public void Dispose()
    {
        step.Dispose();
        optimizer.Dispose();
        network.Dispose();
    }
}
