using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives;
using TextGan.Problems;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyCombinerOptions : CombinerOptions
{
    public Fault Fault { get; init; }

    public override Combiner Build(CombinerContext context) => new Faulty(new FixedCombinerOptions().Build(context), Fault);

    sealed class Faulty(Combiner inner, Fault fault) : Combiner
    {
        public override IReadOnlyList<double> Combine(TermGradients terms, long step)
        {
            var weights = inner.Combine(terms, step);
            return fault switch
            {
                Fault.Throw => throw new InvalidOperationException("no such table."),
                Fault.Shape => [.. weights, 1],
                Fault.NotANumber => [.. weights.Select(_ => double.NaN)],
                _ => null!,
            };
        }
    }
}
