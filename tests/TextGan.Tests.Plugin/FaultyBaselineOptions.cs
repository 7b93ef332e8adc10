using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Problems;
using static TorchSharp.torch;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyBaselineOptions : BaselineOptions
{
    public Fault Fault { get; init; }

    public override Baseline Build(BaselineContext context) => new Faulty(Fault);

    sealed class Faulty(Fault fault) : Baseline
    {
        public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden) =>
            FaultyTensor.Of(fault, fault == Fault.Invalid ? zeros(mask.shape[0] + 2) : zeros_like(mask));
    }
}
