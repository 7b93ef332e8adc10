using TextGan.Learning.Credit;
using TextGan.Native;
using TextGan.Optimizers;
using TextGan.Training;
using TorchSharp;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;

namespace TextGan.Learning.Baselines;

/// <summary>
/// b_t = v(h_t), a two-layer network on the generator's state before token t, fitted to the returns by least squares, one
/// update after each use.
/// </summary>
public sealed class CriticBaseline : Baseline
{
    readonly TorchSharp.Modules.Sequential value;
    readonly optim.Optimizer optimizer;
    readonly PendingStep step;

    /// <param name="hiddenSize">H of the generator.</param>
    /// <param name="width">Width of the hidden layer.</param>
    /// <param name="optimizer">How it learns.</param>
    /// <param name="device">Where the hidden states are.</param>
    public CriticBaseline(int hiddenSize, int width, OptimizerOptions optimizer, Device device)
    {
        using var unfinished = new Unfinished();
        value = unfinished.Add(nn.Sequential(("in", nn.Linear(hiddenSize, width)), ("tanh", nn.Tanh()), ("out", nn.Linear(width, 1))));
        value.to(device);
        this.optimizer = unfinished.Finish(optimizer.BuildChecked(new OptimizerContext(value.parameters())));
        step = new PendingStep(this.optimizer);
    }

    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        step.Take(); // that of the batch before, whose figures nobody has to wait for any more
        var predicted = value.forward(hidden).squeeze(-1); // [B,T]
        var loss = ((predicted - credit.Returns).Squared() * mask).sum() / mask.sum().clamp_min(Held(1));
        Gradients.Clear(value.parameters());
        loss.backward();
        step.Prepare(loss.detach().Plus(GradientNorm.Clip(value.parameters(), limit: 0)));
        return predicted.detach().MoveToOuterDisposeScope();
    }

    public override void Save(StateBag bag)
    {
        step.Take();
        ModuleState.Save(value, bag.Scope("weights"));
        OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
    }

    public override void Load(StateBag bag)
    {
        step.Forget();
        ModuleState.Load(value, bag.Scope("weights"));
        OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
    }

    protected override void Release()
    {
        step.Dispose();
        optimizer.Dispose();
        value.Dispose();
    }
}
