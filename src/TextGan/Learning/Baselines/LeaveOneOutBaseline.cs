using TextGan.Learning.Credit;
using static TorchSharp.torch;

namespace TextGan.Learning.Baselines;

/// <summary>b_it = mean over the other samples j ≠ i of R_jt (Kool, van Hoof and Welling, 2019); 0 where there is no other.</summary>
public sealed class LeaveOneOutBaseline : Baseline
{
    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var counted = credit.Counted ?? ones_like(credit.Returns);
        var returns = credit.Returns * counted; // [B,T]
        var others = counted.sum(0, keepdim: true) - counted; // [B,T]
        return ((returns.sum(0, keepdim: true) - returns) / others.clamp_min(Held(1))).MoveToOuterDisposeScope();
    }
}
