using TextGan.Generators;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

/// <summary>Features that are known by heart: the sum of the rows of a table at the tokens so far.</summary>
sealed class SummedFeatures : PrefixFeatures
{
    readonly Embedding table;

    public SummedFeatures(float[,] rows)
    {
        table = nn.Embedding_from_pretrained(tensor(rows));
        Size = rows.GetLength(1);
    }

    public override int Size { get; }

    public override nn.Module Model => table;

    public override Tensor Of(Tensor tokens) => table.call(tokens).sum(1).detach();

    public override Tensor OfAll(Tensor tokens) =>
        cat([zeros(tokens.shape[0], 1, Size), table.call(tokens).cumsum(1)], 1).detach();

    protected override void Release() => table.Dispose();
}
