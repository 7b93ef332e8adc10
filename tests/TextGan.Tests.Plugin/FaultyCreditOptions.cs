using TextGan.Plugins;
using TextGan.Learning.Credit;
using TextGan.Problems;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyCreditOptions : CreditOptions
{
    public Fault Fault { get; init; }

    public override CreditAssignment Build(CreditContext context) => new Faulty(Fault);

    sealed class Faulty(Fault fault) : CreditAssignment
    {
        readonly CreditAssignment inner = new SequenceCreditOptions().Build(new CreditContext());

        public override IReadOnlyList<TokenCredit> Assign(CreditRequest request) =>
            fault == Fault.Invalid ? []
                : [.. inner.Assign(request).Select(credit => credit with { Returns = FaultyTensor.Of(fault, credit.Returns) })];
    }
}
