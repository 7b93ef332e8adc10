using TextGan.Operations.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations.Cpu;

public class PackedMatrixTests
{
    [TestCase(1, 1, 1)]
    [TestCase(3, 5, 63)]
    [TestCase(4, 32, 64)]
    [TestCase(9, 17, 200)]
    [TestCase(64, 96, 130)]
    public void A_product_equals_that_of_LibTorch(int rows, int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (x, weight, bias) = (randn(rows, inputs), randn(outputs, inputs), randn(outputs));
        var y = zeros(rows, outputs);
        var matrix = new PackedMatrix(weight, bias);
        matrix.Multiply(x, inputs, rows, y, outputs);
        var expected = nn.functional.linear(x, weight, bias);
        Assert.That((y - expected).abs().max().item<float>(), Is.LessThan(2e-5f));
    }

    [Test]
    public void Rows_may_overlap()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (text, weight) = (randn(6, 4), randn(10, 12)); // windows of 3 places, each 4 wide
        var y = zeros(4, 10);
        var matrix = new PackedMatrix(weight, null);
        matrix.Multiply(text, xStride: 4, rows: 4, y, 10);
        var windows = text.view(-1).unfold(0, 12, 4); // [4,12]
        Assert.That((y - windows.matmul(weight.t())).abs().max().item<float>(), Is.LessThan(1e-5f));
    }

    [Test]
    public void Outputs_that_are_not_there_are_the_padding()
    {
        using var scope = NewDisposeScope();
        var matrix = new PackedMatrix(ones(3, 2), ones(3), padding: float.NegativeInfinity);
        var tile = new float[PackedMatrix.TileSize];
        matrix.Row(0, [1, 2], tile);
        Assert.That(tile[..4], Is.EqualTo(new[] { 4, 4, 4, float.NegativeInfinity }));
    }
}
