using TextGan.Generators.Search;
using TextGan.Learning.Credit;
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
    readonly ValueNetwork value;
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
        value = new ValueNetwork(hiddenSize, width, optimizer, device);
        (this.lambda, this.everyPass, this.clip) = (lambda, everyPass, clip);
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures => lossOfUse is null || explained is null ? []
        : [new("loss", lossOfUse), new("explainedVariance", explained)];

    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        value.TakeStep(); // that of the batch before, whose figures nobody has to wait for any more
        var predicted = value.Of(hidden); // [B,T]
        var values = predicted.detach();
        var advantages = lambda == 1 ? null : Advantages(credit, mask, values);
        var target = advantages is null ? credit.Returns : advantages.Plus(values); // [B,T]
        var loss = value.Learn((predicted - target).Squared(), mask);
        Keep(ref lossOfUse, loss.detach());
        Keep(ref explained, ValueNetwork.Explained(values, target, mask));
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
        value.TakeStep();
        Tensor Rows(Tensor? tensor) => tensor!.narrow(0, from, count);
        var (target, before) = (Rows(targets), Rows(old)); // [b,T]
        var predicted = value.Of(Rows(states));
        var errors = (predicted - target).Squared();
        if (clip > 0)
        {
            var near = before.Plus((predicted - before).clamp(Held(-clip), Held(clip)));
            errors = errors.maximum((near - target).Squared());
        }
        value.Learn(errors, Rows(counted));
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

    public override void Save(StateBag bag) => value.Save(bag);

    public override void Load(StateBag bag) => value.Load(bag);

    protected override void Release()
    {
        foreach (var kept in (Tensor?[])[lossOfUse, explained, states, targets, counted, old]) kept?.Dispose();
        value.Dispose();
    }
}
