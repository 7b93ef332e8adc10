using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public class LinearLayerTests
{
    /// <summary>Large enough for the loops of its own.</summary>
    [Test]
    public void Equals_LibTorchs_layer_in_value_and_gradients(
        [Values] bool withBias, [Values(72, 300)] int rows, [Values] bool three, [Values(401, 60)] int outputs, [Values] bool inputLearns,
        [Values] bool weightLearns)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var input = three ? randn(3, rows / 3, 300) : randn(rows, 300);
        var (weight, bias) = (randn(outputs, 300) * 0.1, randn(outputs));
        Tensor[] Gradients(Func<Tensor, Tensor, Tensor?, Tensor> layer, out Tensor output)
        {
            var (x, w, b) = (input.clone().requires_grad_(inputLearns), weight.clone().requires_grad_(weightLearns),
                bias.clone().requires_grad_(true));
            output = layer(x, w, withBias ? b : null);
            if (output.requires_grad) (output * output).sum().backward();
            return [.. new[] { x, w, b }.Select(tensor => tensor.grad ?? zeros(1))];
        }
        var expected = Gradients((x, w, b) => nn.functional.linear(x, w, b), out var plain);
        var actual = Gradients((x, w, b) => LinearLayer.Of(x, w, b), out var fast);
        Assert.That((plain - fast).abs().max().item<float>(), Is.LessThan(2e-5));
        foreach (var (a, e) in actual.Zip(expected)) Assert.That(
            (a - e).abs().max().item<float>(), Is.LessThanOrEqualTo(2e-5 * e.abs().max().item<float>()));
    }

    [Test]
    public void Second_gradients_are_LibTorchs()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (input, weight) = (randn(70, 300) * 0.1, randn(401, 300) * 0.1);
        Tensor[] Second(Func<Tensor, Tensor, Tensor> layer)
        {
            var (x, w) = (input.clone().requires_grad_(true), weight.clone().requires_grad_(true));
            var first = autograd.grad([layer(x, w).pow(3).sum()], [x], create_graph: true, retain_graph: true)[0];
            first.pow(2).sum().backward();
            return [x.grad!, w.grad!];
        }
        foreach (var (a, e) in Second((x, w) => LinearLayer.Of(x, w, null)).Zip(Second((x, w) => nn.functional.linear(x, w, null))))
            Assert.That((a - e).abs().max().item<float>(), Is.LessThan(1e-4 * e.abs().max().item<float>()));
    }
}
