using TextGan.Optimizers;
using TextGan.Problems;
using static TorchSharp.torch;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyOptimizerOptions : OptimizerOptions
{
    public Fault Fault { get; init; }

    public override optim.Optimizer Build(OptimizerContext context) => Fault switch
    {
        Fault.Throw => throw new InvalidOperationException("no such table."),
        Fault.Null => null!,
        _ => new SgdOptions().Build(new OptimizerContext(context.Parameters.Skip(1))),
    };
}
