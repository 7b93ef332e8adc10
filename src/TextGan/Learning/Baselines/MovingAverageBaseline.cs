using TextGan.Learning.Credit;
using static TextGan.Native.KeptTensor;

namespace TextGan.Learning.Baselines;

/// <summary>
/// b ← decay·b + (1 - decay)·(mean return of the batch), taken before the update so that it is independent of the batch; 0 at first.
/// </summary>
public sealed class MovingAverageBaseline(double decay) : Baseline
{
    Tensor? average; // 0-dim, where the returns are

    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var mean = (credit.Returns * mask).sum() / mask.sum().clamp_min(Held(1));
        var used = average is null ? zeros_like(mean) : average.alias();
        // A mean that is not finite would stay in the average for ever.
        Keep(ref average, where(mean.isfinite(), (used * Held(decay)).Plus(mean * Held(1 - decay)), used));
        return used.MoveToOuterDisposeScope();
    }

    public override void Save(StateBag bag)
    {
        if (average is not null) bag.Put("average", average);
    }

    public override void Load(StateBag bag) => Keep(ref average, bag.Has("average") ? bag.GetTensor("average").clone() : null);

    protected override void Release() => average?.Dispose();
}
