using TextGan.Metrics;
using TextGan.Problems;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyMetricOptions : MetricOptions
{
    public Fault Fault { get; init; }

    public override IMetric Build(MetricContext context) => new Faulty(Fault);

    sealed class Faulty(Fault fault) : IMetric
    {
        public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context) => fault switch
        {
            Fault.Throw => throw new InvalidOperationException("no such table."),
            Fault.Invalid => new Dictionary<string, double> { [""] = 1 },
            _ => null!,
        };
    }
}
