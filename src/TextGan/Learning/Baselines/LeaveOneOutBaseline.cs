using TextGan.Learning.Credit;

namespace TextGan.Learning.Baselines;

/// <summary>
/// b_it = mean over the other samples j ≠ i of R_jt (Kool, van Hoof and Welling, 2019), over those of the same group where there are groups
/// (RLOO, 2402.14740); 0 where there is no other.
/// </summary>
public sealed class LeaveOneOutBaseline : Baseline
{
    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var (batch, length) = (credit.Returns.shape[0], credit.Returns.shape[1]);
        var group = credit.GroupSize ?? batch;
        var counted = (credit.Counted ?? ones_like(credit.Returns)).reshape(batch / group, group, length); // [B/G,G,T]
        var returns = credit.Returns.reshape(counted.shape) * counted;
        var others = counted.sum(1, keepdim: true) - counted;
        // [B,T]
        return ((returns.sum(1, keepdim: true) - returns) / others.clamp_min(Held(1))).view(batch, length).MoveToOuterDisposeScope();
    }
}
