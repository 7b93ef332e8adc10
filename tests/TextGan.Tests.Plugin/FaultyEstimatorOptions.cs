using TextGan.Estimators;
using TextGan.Objectives;
using TextGan.Problems;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyEstimatorOptions : EstimatorOptions
{
    public Fault Fault { get; init; }

    public override bool NeedsRelaxedTokens => false;

    public override GradientEstimator Build(EstimatorContext context) => new Faulty(new ReinforceOptions().Build(context), Fault);

    sealed class Faulty(GradientEstimator inner, Fault fault) : GradientEstimator
    {
        public override Estimate Estimate(EstimationRequest request)
        {
            var right = inner.Estimate(request);
            return right with { Terms = fault == Fault.Invalid ? [] : [.. right.Terms.Select(term => term with { Surrogate = FaultyTensor.Of(fault, term.Surrogate) })] };
        }
    }
}
