using TextGan.Optimizers;
using static TorchSharp.torch;

namespace TextGan.Tests.Optimizers;

public sealed class GradientsTests
{
    static IEnumerable<TestCaseData> Kinds() =>
    [
        new TestCaseData(new AdamOptions { LearningRate = 0.1, WeightDecay = 0.5 }).SetArgDisplayNames("adam"),
        new TestCaseData(new SgdOptions { LearningRate = 0.1, Momentum = 0.9 }).SetArgDisplayNames("sgd"),
        new TestCaseData(new RmsPropOptions { LearningRate = 0.1 }).SetArgDisplayNames("rmsprop"),
    ];

    /// <summary>The loss of steps 0 and 3 reaches both parameters, that of the steps between only one: the other stays.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void A_parameter_that_no_loss_reaches_stays_as_it_is(OptimizerOptions options)
    {
        using var scope = NewDisposeScope();
        float[] AfterEachStep(params bool[] reached)
        {
            var (used, other) = (nn.Parameter(ones(3)), nn.Parameter(ones(3)));
            using var optimizer = options.Build(new OptimizerContext([used, other]));
            return [.. reached.Select(both =>
            {
                Gradients.Clear([used, other]);
                (both ? (used * other).sum() + other.square().sum() : used.sum()).backward();
                optimizer.step();
                return other[0].item<float>();
            })];
        }
        var found = AfterEachStep(true, false, false, true);
        Assert.That(found[0], Is.LessThan(1));
        Assert.That(found[1..3], Is.All.EqualTo(found[0]));
        Assert.That(found[3], Is.Not.EqualTo(found[2]));
    }
}
