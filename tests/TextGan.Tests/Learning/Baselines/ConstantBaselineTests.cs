using System.Text.Json;
using TextGan.Experiments.Reading;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Baselines;

public sealed class ConstantBaselineTests
{
    /// <summary>Rewards .25 and .5 less 1: minus SentiGAN's penalties .75 and .5.</summary>
    [Test]
    public void What_is_left_is_minus_the_penalty()
    {
        using var scope = NewDisposeScope();
        var options = JsonSerializer.Deserialize<BaselineOptions>("""{"kind":"constant"}""", KindRegistry.BuiltIn.Json)!;
        Assert.That(options, Is.EqualTo(new ConstantBaselineOptions { Value = 1 }));
        var returns = tensor(new[] { .25, .25, .5, .5 }).view(2, 2);
        using var baseline = options.Build(new BaselineContext(3, CPU));
        var values = baseline.Values(new TokenCredit(returns, returns.select(1, 0), null), ones(2, 2, float64), zeros(2, 2, 3));
        Assert.That((returns - values).flatten().data<double>().ToArray(), Is.EqualTo(new[] { -.75, -.75, -.5, -.5 }));
    }
}
