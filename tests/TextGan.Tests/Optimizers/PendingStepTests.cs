using TextGan.Optimizers;
using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Tests.Optimizers;

public sealed class PendingStepTests
{
    [Test]
    public void Only_finite_gradients_reach_weights_and_moments(
        [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float fault, [Values("adam", "sgd", "rmsprop")] string kind,
            [Values(0, 2)] int at)
    {
        using var scope = NewDisposeScope();
        OptimizerOptions options =
            kind switch { "adam" => new AdamOptions(), "sgd" => new SgdOptions { Momentum = 0.9 }, _ => new RmsPropOptions() };
        (float[] Weights, byte[] Moments) After(int steps, int? faulty)
        {
            var weights = nn.Parameter(ones(5));
            using var optimizer = options.Build(new OptimizerContext([weights]));
            using var pending = new PendingStep(optimizer);
            for (var step = 0; step < steps; step++)
            {
                weights.grad = step == faulty ? full(5, fault) : ones(5) * (step + 1);
                pending.Prepare(weights.grad.sum());
                pending.Take();
                pending.Take(); // there is none left
            }
            var bag = new StateBag();
            OptimizerMemory.Save(optimizer, bag);
            var moments = bag.GetTensor("0").data<byte>().ToArray();
            bag.Clear();
            return (weights.data<float>().ToArray(), moments);
        }
        var (before, after) = (After(at, null), After(at + 1, at));
        Assert.That(after.Weights, Is.EqualTo(before.Weights));
        Assert.That(after.Moments, Is.EqualTo(before.Moments));
        Assert.That(After(at + 2, at).Weights, Is.Not.EqualTo(before.Weights).And.All.Matches<float>(float.IsFinite),
            "the next step is taken");
    }

    [Test]
    public void A_step_that_is_forgotten_is_not_taken()
    {
        using var scope = NewDisposeScope();
        var weights = nn.Parameter(ones(5));
        using var optimizer = new SgdOptions().Build(new OptimizerContext([weights]));
        using var pending = new PendingStep(optimizer);
        weights.grad = ones(5);
        pending.Prepare(weights.grad.sum());
        pending.Forget();
        pending.Take();
        Assert.That(weights.eq(1).all().item<bool>());
    }
}
