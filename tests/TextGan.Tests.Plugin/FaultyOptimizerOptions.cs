using TextGan.Optimizers;
using TextGan.Problems;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyOptimizerOptions : OptimizerOptions
{
    public Fault Fault { get; init; }

    public override optim.Optimizer Build(IEnumerable<Parameter> parameters) => Fault switch
    {
        Fault.Throw => throw new InvalidOperationException("no such table."),
        Fault.Null => null!,
        _ => new SgdOptions().Build(parameters.Skip(1)),
    };
}
