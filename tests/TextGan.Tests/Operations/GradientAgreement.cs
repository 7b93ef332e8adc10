using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>Gradients in bfloat16 beside those in float32, from the same weights and the same random numbers.</summary>
static class GradientAgreement
{
    const double LargestError = 0.02, SmallestCosine = 0.999;

    /// <summary>
    /// Asserts that each parameter's gradient has a relative error of at most 2% and a cosine of at least 0.999, and that products were
    /// rounded at all. Tensors whose gradient is nothing but rounding (its terms cancel exactly) are left out.
    /// </summary>
    /// <param name="model">Its parameters.</param>
    /// <param name="loss">The loss of the model, a scalar.</param>
    /// <param name="except">Names of parameters that are left out, too.</param>
    public static void AssertClose(nn.Module model, Func<Tensor> loss, params string[] except)
    {
        using var scope = NewDisposeScope();
        var (exact, rounded) = (Of(model, loss, Precision.Float32), Of(model, loss, Precision.Bfloat16));
        var overall = Math.Sqrt(exact.Values.Sum(gradient => gradient.square().sum().item<double>()));
        var (lines, worst, least) = (new List<string>(), 0.0, 1.0);
        foreach (var (name, expected) in exact)
        {
            var (found, size) = (rounded[name], expected.norm().item<double>());
            if (size < 1e-6 * overall || except.Contains(name)) continue;
            var error = (found - expected).norm().item<double>() / size;
            var cosine = (found * expected).sum().item<double>() / size / found.norm().item<double>();
            (worst, least) = (Math.Max(worst, error), Math.Min(least, cosine));
            lines.Add($"{name}: error {error:P3}, cosine {cosine:F6}");
        }
        TestContext.Out.WriteLine($"worst: error {worst:P3}, cosine {least:F6}");
        var all = string.Join('\n', lines);
        Assert.That(worst, Is.InRange(1e-5, LargestError), all);
        Assert.That(least, Is.GreaterThanOrEqualTo(SmallestCosine), all);
    }

    /// <summary>The gradient of each parameter.</summary>
    public static Dictionary<string, Tensor> Of(nn.Module model, Func<Tensor> loss, Precision precision)
    {
        using var _ = ModelPrecision.Use(precision);
        manual_seed(11);
        foreach (var parameter in model.parameters()) parameter.grad = null;
        loss().backward();
        return model.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad!.to_type(float64));
    }
}
