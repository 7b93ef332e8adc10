using TextGan.Learning.Objectives;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates;
using TextGan.Problems;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyEstimatorOptions : EstimatorOptions
{
    public Fault Fault { get; init; }

    public override bool NeedsRelaxedTokens => false;

    public override UpdateRule Build(EstimatorContext context) => new Faulty(new PolicyGradientOptions().Build(context), Fault);

    sealed class Faulty(UpdateRule inner, Fault fault) : UpdateRule
    {
        public override Rollout Collect(RolloutRequest request) => inner.Collect(request);

        public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
        {
            var right = inner.Estimate(request, rollout, pass);
            return right with { Terms = fault == Fault.Invalid ? []
                : [.. right.Terms.Select(term => term with { Surrogate = () => FaultyTensor.Of(fault, term.Surrogate()) })] };
        }
    }
}
