using TextGan.Generators;
using static TextGan.Native.HeldScalars;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>The whole text is read anew for each token, which is drawn by multinomial.</summary>
sealed class PlainTransformerSampling(int length) : IBenchmarkPath
{
    readonly Generator generator = TransformerSampling.Build();

    public void Run()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var tokens = full([TransformerSampling.Rows, 1], Held(OracleSizes.StartId), int64, BenchmarkDevice.Current);
        for (var t = 0; t < length; t++)
        {
            using var step = NewDisposeScope();
            var logits = generator.Logits(generator.Hidden(tokens).select(1, -1)); // [B,V]
            tokens = cat([tokens, logits.softmax(-1).multinomial(1)], 1).MoveToOuterDisposeScope();
        }
    }

    public void Dispose() => generator.Dispose();
}
