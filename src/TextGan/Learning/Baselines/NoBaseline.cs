using TextGan.Learning.Credit;

namespace TextGan.Learning.Baselines;

/// <summary>b = 0.</summary>
public sealed class NoBaseline : Baseline
{
    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden) => zeros(1, credit.Returns.dtype, credit.Returns.device);
}
