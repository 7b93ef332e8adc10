using TextGan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

public class GradientNormTests
{
    static (Parameter A, Parameter B) WithGradients()
    {
        Parameter a = new(zeros(2)), b = new(zeros(1));
        a.grad = tensor(new[] { 3f, 0f });
        b.grad = tensor(new[] { 4f });
        return (a, b);
    }

    [Test]
    public void Norm_is_joint_over_parameters_and_clipping_scales_to_the_limit()
    {
        var (a, b) = WithGradients(); // joint norm 5 by Pythagoras
        Assert.That(GradientNorm.Clip([a, b], 2.5).item<float>(), Is.EqualTo(5).Within(1e-6));
        Assert.That(a.grad![0].item<float>(), Is.EqualTo(1.5).Within(1e-5));
        Assert.That(b.grad![0].item<float>(), Is.EqualTo(2).Within(1e-5));
    }

    [TestCase(0.0)]
    [TestCase(10.0)]
    public void Gradients_below_the_limit_stay(double limit)
    {
        var (a, b) = WithGradients();
        GradientNorm.Clip([a, b], limit);
        Assert.That((a.grad![0].item<float>(), b.grad![0].item<float>()), Is.EqualTo((3f, 4f)));
    }

    /// <summary>Sizes below, at and above what one part and one vector hold, against LibTorch's norm in doubles.</summary>
    [Test]
    public void Norm_is_that_of_all_numbers([Values(1, 2)] int threads)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            Parameter[] parameters =
                [.. new long[] { 1, 7, 63, 16384, 16385, 40001 }.Select(size => new Parameter(zeros(size)) { grad = randn(size) })];
            var expected = cat([.. parameters.Select(p => p.grad!.to_type(float64))]).norm().item<double>();
            Assert.That(GradientNorm.Clip(parameters, 0).item<float>(), Is.EqualTo(expected).Within(1e-6 * expected));
            parameters[^1].grad![40000] = float.NaN;
            Assert.That(GradientNorm.Clip(parameters, 0).item<float>(), Is.NaN);
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
