using TextGan.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

public class ContextWindowsTests
{
    /// <summary>Each place of [B,T] inputs by itself: the model reads the last k inputs and nothing else → [B·T,H].</summary>
    public static Tensor OneByOne(TextGan.Generators.Generator model, Tensor inputs, int context)
    {
        var (rows, length) = (inputs.shape[0], inputs.shape[1]);
        return stack([.. from b in Enumerable.Range(0, (int)rows) from t in Enumerable.Range(0, (int)length)
            let first = Math.Max(0, t - context + 1)
            select model.Hidden(inputs.narrow(0, b, 1).narrow(1, first, t - first + 1))[0, -1]]);
    }

    [Test]
    public void A_state_knows_the_last_tokens_alone([Values("lstm", "transformer")] string kind, [Values(1, 2, 5, 6)] int context)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        manual_seed(1);
        GeneratorOptions options = kind == "lstm" ? new LstmGeneratorOptions { Embedding = 5, Hidden = 6 }
            : new TransformerGeneratorOptions { Hidden = 8, Layers = 2, Heads = 2 };
        using var model = options.Build(new GeneratorContext(7, 6, CPU));
        var inputs = randint(7, [3, 6], int64);
        var found = ContextWindows.Hidden(model, inputs, arange(18), context); // [18,H]
        Assert.That((found - OneByOne(model, inputs, context)).abs().max().item<float>(), Is.LessThan(1e-5));
        if (context == 6) return;
        Assert.That((found - OneByOne(model, inputs, context + 1)).abs().max().item<float>(), Is.GreaterThan(1e-3), "one more would tell");
        var some = ContextWindows.Hidden(model, inputs, tensor(new long[] { 17, 2 }), context);
        Assert.That((some - found[tensor(new long[] { 17, 2 })]).abs().max().item<float>(), Is.LessThan(1e-5));
    }
}
