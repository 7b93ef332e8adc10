using TextGan.Optimizers;
using TextGan.Storage;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Optimizers;

public class FusedAdamTests
{
    static readonly long[][] Shapes = [[3], [7, 5], [1], [200, 171], [40_000]]; // with and without a rest of a vector, one part and several

    static Parameter[] Parameters()
    {
        manual_seed(4);
        return [.. Shapes.Select(shape => nn.Parameter(randn(shape)))];
    }

    static void SetGradients(IEnumerable<Parameter> parameters, int step)
    {
        manual_seed(100 + step);
        foreach (var parameter in parameters) parameter.grad = randn(parameter.shape) * (step + 1);
    }

    [TestCase(0.9, 0.999, 0)]
    [TestCase(0.5, 0.9, 0)]
    [TestCase(0, 0.99, 0)]
    [TestCase(0.9, 0.999, 0.1)]
    public void Equals_TorchSharps_optimiser(double beta1, double beta2, double decay)
    {
        using var scope = NewDisposeScope();
        var (own, other) = (Parameters(), Parameters());
        using var fused = new FusedAdam(own, 0.01, beta1, beta2, 1e-8, decay);
        using optim.Optimizer plain = decay == 0 ? optim.Adam(other, 0.01, beta1, beta2, 1e-8)
            : optim.AdamW(other, 0.01, beta1, beta2, 1e-8, decay);
        for (var step = 0; step < 5; step++)
        {
            SetGradients(own, step);
            SetGradients(other, step);
            fused.step();
            plain.step();
            foreach (var (a, b) in own.Zip(other)) Assert.That((a - b).abs().max().item<float>(), Is.LessThan(2e-6), $"step {step}");
        }
        using var before = Parameters()[0];
        Assert.That((own[0] - before).abs().min().item<float>(), Is.GreaterThan(1e-3), "nothing moved");
    }

    /// <summary>
    /// Each group with settings of its own, as TorchSharp's optimiser has them, and with learning rates that change on the way.
    /// </summary>
    [Test]
    public void Each_group_has_its_own_settings()
    {
        using var scope = NewDisposeScope();
        static AdamW.ParamGroup[] Groups(Parameter[] all) =>
        [
            new() { Parameters = all[..2], Options = new AdamW.Options { LearningRate = 0.05, beta1 = 0.5, beta2 = 0.9, eps = 1e-3 } },
            new() { Parameters = all[2..4], Options = new AdamW.Options { LearningRate = 0.002, weight_decay = 0.3 } },
            new() { Parameters = all[4..] },
        ];
        var (own, other) = (Parameters(), Parameters());
        using var fused = new FusedAdam(Groups(own), 0.01, 0.9, 0.999, 1e-8, 0.1);
        using var plain = optim.AdamW(Groups(other), 0.01, 0.9, 0.999, 1e-8, 0.1);
        for (var step = 0; step < 5; step++)
        {
            if (step == 3)
            {
                LearningRates.Scale(fused, 0.5);
                LearningRates.Scale(plain, 0.5);
            }
            SetGradients(own, step);
            SetGradients(other, step);
            fused.step();
            plain.step();
            for (var i = 0; i < own.Length; i++) Assert.That(
                (own[i] - other[i]).abs().max().item<float>(), Is.LessThan(1e-6), $"step {step}, parameter {i}");
        }
    }

    /// <summary>AMSGrad is TorchSharp's own to the bit, in every group.</summary>
    [Test]
    public void A_group_with_other_rules_is_stepped_by_them([Values] bool maximize)
    {
        using var scope = NewDisposeScope();
        AdamW.ParamGroup[] Groups(Parameter[] all) =>
            [new() { Parameters = all[..2] },
            new() { Parameters = all[2..], Options = new AdamW.Options { amsgrad = !maximize, maximize = maximize } }];
        var (own, other) = (Parameters(), Parameters());
        using var fused = new FusedAdam(Groups(own), 0.01, 0.9, 0.999, 1e-8, 0.1);
        using var plain = optim.AdamW(Groups(other), 0.01, 0.9, 0.999, 1e-8, 0.1);
        for (var step = 0; step < 3; step++)
        {
            SetGradients(own, 2 - step);
            SetGradients(other, 2 - step);
            fused.step();
            plain.step();
        }
        foreach (var (a, b) in own.Zip(other)) Assert.That((a - b).abs().max().item<float>(), Is.LessThanOrEqualTo(maximize ? 2e-6 : 0));
    }

    [Test]
    public void A_parameter_without_gradient_stays()
    {
        using var scope = NewDisposeScope();
        var own = Parameters();
        using var fused = new FusedAdam(own, 0.1, 0.9, 0.999, 1e-8, 0.1);
        SetGradients(own, 0);
        fused.step();
        var before = own.Select(parameter => parameter.detach().clone()).ToArray();
        fused.zero_grad();
        Assert.That(own.Select(parameter => parameter.grad), Is.All.Null);
        own[1].grad = ones_like(own[1]);
        fused.step();
        for (var i = 0; i < own.Length; i++) Assert.That(own[i].equal(before[i]).all().item<bool>(), Is.EqualTo(i != 1), $"parameter {i}");
    }

    [Test]
    public void Reads_gradients_that_are_not_contiguous()
    {
        using var scope = NewDisposeScope();
        var (own, other) = (nn.Parameter(zeros(6, 4)), nn.Parameter(zeros(6, 4)));
        using var fused = new FusedAdam([own], 0.1, 0.9, 0.999, 1e-8, 0);
        using var plain = optim.Adam([other], 0.1, 0.9, 0.999, 1e-8);
        var gradient = arange(24, float32).reshape(4, 6).t() - 11.5;
        own.grad = gradient;
        other.grad = gradient.contiguous();
        fused.step();
        plain.step();
        Assert.That(own.allclose(other, atol: 1e-7), Is.True);
    }

    [Test]
    public void Goes_on_from_its_saved_state()
    {
        using var scope = NewDisposeScope();
        var (own, other) = (Parameters(), Parameters());
        using var first = new FusedAdam(own, 0.01, 0.9, 0.999, 1e-8, 0);
        SetGradients(own, 0);
        first.step();
        var bag = new StateBag();
        OptimizerMemory.Save(first, bag);
        using var second = new FusedAdam(other, 0.01, 0.9, 0.999, 1e-8, 0);
        OptimizerMemory.Load(second, bag);
        using (no_grad())
            foreach (var (a, b) in own.Zip(other)) b.copy_(a);
        SetGradients(own, 1);
        SetGradients(other, 1);
        first.step();
        second.step();
        foreach (var (a, b) in own.Zip(other)) Assert.That(a.equal(b).all().item<bool>(), Is.True);
    }
}
