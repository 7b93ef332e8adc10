using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public class HighwayGateTests
{
    static Tensor[] Inputs(params long[] shape)
    {
        manual_seed(3);
        return [.. Enumerable.Range(0, 3).Select(_ => randn(shape) * 3)];
    }

    /// <summary>Against LibTorch's operations, at sizes that are no multiple of a vector or of a part.</summary>
    [TestCase(131, 127)]
    [TestCase(4, 4096)]
    public void Equals_its_formula_in_value_and_gradients(int rows, int width)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(rows, width);
        var slope = randn(rows, width);
        Tensor[] Run(Func<Tensor, Tensor, Tensor, Tensor> gate)
        {
            var own = inputs.Select(input => input.clone().requires_grad_(true)).ToArray();
            var result = gate(own[0], own[1], own[2]);
            (result * slope).sum().backward();
            return [result, .. own.Select(input => input.grad!)];
        }
        var expected = Run((x, h, g) => g.sigmoid() * h.relu() + (1 - g.sigmoid()) * x);
        foreach (var (found, wanted) in Run(HighwayGate.Of).Zip(expected))
            Assert.That((found - wanted).abs().max().item<float>(), Is.LessThan(5e-6));
        if (Processor.HasVectors && !OperationMode.TensorsOnly)
            Assert.That(HighwayGateFunction.Supports(inputs[0], inputs[1], inputs[2]), "else this shows nothing");
    }

    /// <summary>As a gradient penalty needs them.</summary>
    [Test]
    public void Second_gradients_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(129, 128);
        Tensor[] Run(Func<Tensor, Tensor, Tensor, Tensor> gate)
        {
            var own = inputs.Select(input => input.clone().requires_grad_(true)).ToArray();
            var first = autograd.grad([gate(own[0], own[1], own[2]).pow(2).sum()], [own[0]], create_graph: true, retain_graph: true)[0];
            first.pow(2).sum().backward();
            return [.. own.Select(input => input.grad!)];
        }
        foreach (var (found, wanted) in Run(HighwayGate.Of).Zip(Run((x, h, g) => g.sigmoid() * h.relu() + (1 - g.sigmoid()) * x)))
            Assert.That((found - wanted).abs().max().item<float>(), Is.LessThan(1e-5 * Math.Max(1, wanted.abs().max().item<float>())));
    }

    [Test]
    public void NaN_stays_NaN([Values(0, 1, 2)] int which)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(129, 128);
        inputs[which][5, 7] = float.NaN;
        var result = HighwayGate.Of(inputs[0], inputs[1], inputs[2]);
        Assert.That(float.IsNaN(result[5, 7].item<float>()));
        Assert.That(result.isnan().sum().item<long>(), Is.EqualTo(1));
    }
}
