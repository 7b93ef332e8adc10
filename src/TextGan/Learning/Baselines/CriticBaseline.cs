using TextGan.Learning.Credit;
using TextGan.Native;
using TextGan.Optimizers;
using TextGan.Training;
using TorchSharp;
using static TextGan.Native.KeptTensor;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;

namespace TextGan.Learning.Baselines;

/// <summary>
/// v(h_t), a two-layer network on the generator's state before token t, fitted to the returns by least squares, one update after each use
/// or one at each pass. What is subtracted is v itself, so that the advantage is R_t - v_t, or, with λ &lt; 1, what leaves the generalised
/// advantage (Schulman et al., 1506.02438, equation 16): A_t = Σ_{s≥t} (γλ)^(s-t) δ_s with δ_t = r_t + γ v_{t+1} - v_t, where rewards are
/// the differences of returns, r_t = R_t - γ R_{t+1}. Then v is fitted to A_t + v_t.
/// </summary>
public sealed class CriticBaseline : Baseline
{
    readonly TorchSharp.Modules.Sequential value;
    readonly optim.Optimizer optimizer;
    readonly PendingStep step;
    readonly double lambda, clip;
    readonly bool everyPass;
    Tensor? lossOfUse, explained; // 0-dim
    Tensor? states, targets, counted, old; // of the batch, for later passes: [B,T,H] and [B,T]

    /// <param name="hiddenSize">H of the generator.</param>
    /// <param name="width">Width of the hidden layer.</param>
    /// <param name="optimizer">How it learns.</param>
    /// <param name="device">Where the hidden states are.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="everyPass">Whether it learns at later passes, too.</param>
    /// <param name="clip">How far later passes may take a value from the first one; 0: as far as they like.</param>
    public CriticBaseline(int hiddenSize, int width, OptimizerOptions optimizer, Device device, double lambda = 1, bool everyPass = false,
        double clip = 0)
    {
        using var unfinished = new Unfinished();
        value = unfinished.Add(nn.Sequential(("in", nn.Linear(hiddenSize, width)), ("tanh", nn.Tanh()), ("out", nn.Linear(width, 1))));
        value.to(device);
        this.optimizer = unfinished.Finish(optimizer.BuildChecked(new OptimizerContext(value.parameters())));
        step = new PendingStep(this.optimizer);
        (this.lambda, this.everyPass, this.clip) = (lambda, everyPass, clip);
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures => lossOfUse is null || explained is null ? []
        : [new("loss", lossOfUse), new("explainedVariance", explained)];

    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        step.Take(); // that of the batch before, whose figures nobody has to wait for any more
        var predicted = value.forward(hidden).squeeze(-1); // [B,T]
        var values = predicted.detach();
        var advantages = lambda == 1 ? null : Advantages(credit, mask, values);
        var target = advantages is null ? credit.Returns : advantages.Plus(values); // [B,T]
        var loss = Learn((predicted - target).Squared(), mask);
        Keep(ref lossOfUse, loss.detach());
        Keep(ref explained, Explained(values, target, mask));
        if (everyPass)
        {
            Keep(ref states, hidden.alias());
            Keep(ref targets, target.clone());
            Keep(ref counted, mask.clone());
            Keep(ref old, values.clone());
        }
        return (advantages is null ? values : credit.Returns - advantages).MoveToOuterDisposeScope();
    }

    public override void LearnAgain(long from, long count)
    {
        if (!everyPass) return;
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        step.Take();
        Tensor Rows(Tensor? tensor) => tensor!.narrow(0, from, count);
        var (target, before) = (Rows(targets), Rows(old)); // [b,T]
        var predicted = value.forward(Rows(states)).squeeze(-1);
        var errors = (predicted - target).Squared();
        if (clip > 0)
        {
            var near = before.Plus((predicted - before).clamp(Held(-clip), Held(clip)));
            errors = errors.maximum((near - target).Squared());
        }
        Learn(errors, Rows(counted));
    }

    /// <summary>Prepares a step down the gradient of the errors' mean, which it returns.</summary>
    Tensor Learn(Tensor errors, Tensor mask)
    {
        var loss = (errors * mask).sum() / mask.sum().clamp_min(Held(1));
        Gradients.Clear(value.parameters());
        BackwardPass.Run(loss);
        step.Prepare(loss.detach().Plus(GradientNorm.Clip(value.parameters(), limit: 0)));
        return loss;
    }

    /// <summary>A_t, [B,T]; 0 outside the response.</summary>
    Tensor Advantages(TokenCredit credit, Tensor mask, Tensor values)
    {
        using var _ = no_grad();
        var γ = credit.Discount;
        var ahead = credit.Returns * mask - values * mask; // the sum of all later δ, which telescope
        var δ = ahead - Next(ahead) * Held(γ);
        return DiscountedSum.FromEachStep(δ, γ * lambda);
    }

    /// <summary>[B,T]: of each step the value at the one after it, 0 at the last.</summary>
    static Tensor Next(Tensor values) => cat([values.narrow(1, 1, values.shape[1] - 1), zeros_like(values.narrow(1, 0, 1))], 1);

    /// <summary>1 - Var(R - v)/Var(R) over the tokens that count; 0 where all returns are equal.</summary>
    static Tensor Explained(Tensor values, Tensor target, Tensor mask)
    {
        using var _ = no_grad();
        var count = mask.sum().clamp_min(Held(1));
        Tensor Variance(Tensor signal) => ((signal - (signal * mask).sum() / count).Squared() * mask).sum() / count;
        var all = Variance(target);
        return where(all.gt(Held(1e-12)), Held(1.0).Minus(Variance(target - values) / all.clamp_min(Held(1e-12))), zeros_like(all));
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
        foreach (var kept in (Tensor?[])[lossOfUse, explained, states, targets, counted, old]) kept?.Dispose();
        step.Dispose();
        optimizer.Dispose();
        value.Dispose();
    }
}
