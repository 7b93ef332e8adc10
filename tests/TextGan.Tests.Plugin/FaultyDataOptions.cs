using TextGan.Data;
using TextGan.Problems;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyDataOptions : DataOptions
{
    public Fault Fault { get; init; }

    public override bool HasRejected => Fault == Fault.Invalid;

    public override DataSet Load(DataContext context) => Fault switch
    {
        Fault.Throw => throw new InvalidOperationException("no such table."),
        Fault.Shape => new DataSet(context.Name, new DataSplit(["a", "b"], ["c"]), DataSplit.Empty, "two"),
        Fault.Null => null!,
        _ => new DataSet(context.Name, new DataSplit(["a", "b"]), DataSplit.Empty, "two"),
    };
}
