using TextGan.Discriminators;
using TextGan.Storage;
using TextGan.Tokenization;
using TorchSharp.Modules;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class SpectralNormTests
{
    static double Largest(Tensor weight) => linalg.svdvals(weight.detach().reshape(weight.shape[0], -1)).max().item<float>();

    /// <summary>By the exact singular values, for every weight that is a matrix; other parameters stay as they are.</summary>
    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void EveryWeightMatrixHasTheBoundAsItsLargestSingularValue(string json)
    {
        using var scope = NewDisposeScope();
        var model = Build(json);
        var before = model.named_parameters().ToDictionary(one => one.name, one => one.parameter.detach().clone());
        using var norm = new SpectralNorm(model, 1.5);
        for (var i = 0; i < 300; i++) norm.Refresh();
        var found = 0;
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() < 2 || name == "positions") Assert.That(Values(parameter), Is.EqualTo(Values(before[name])), name);
            else
            {
                found++;
                Assert.That(Largest(parameter), Is.EqualTo(1.5).Within(1e-3), name);
                var expected = before[name] * (1.5 / Largest(before[name]));
                Assert.That(Values(parameter), Is.EqualTo(Values(expected)).Within(1e-3), "in its direction");
            }
        }
        Assert.That(found, Is.GreaterThanOrEqualTo(3));
    }

    /// <summary>W = diag(3, 4): σ = 4, so that W/σ = diag(.75, 1); G = 1: ∂L/∂W = ¼ (1 - 1.75 u vᵀ) with u = v = (0, 1).</summary>
    [Test]
    public void TheGradientByHand()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(2, 2);
        using (no_grad()) layer.weight!.copy_(tensor(new float[,] { { 3, 0 }, { 0, 4 } }));
        using var norm = new SpectralNorm(layer, 1);
        for (var i = 0; i < 100; i++) norm.Refresh();
        Assert.That(Values(layer.weight!), Is.EqualTo(new[] { 0.75f, 0, 0, 1 }).Within(1e-5));
        layer.weight!.sum().backward();
        norm.CarryGradients();
        Assert.That(layer.weight!.grad is null);
        Assert.That(Values(norm.Parameters[0].grad!), Is.EqualTo(new[] { 0.25f, 0.25f, 0.25f, -0.1875f }).Within(1e-5));
    }

    /// <summary>Of the discriminator's loss in W, by LibTorch through W / (uᵀ W v) with u and v fixed.</summary>
    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void TheGradientGoesThroughSigma(string json)
    {
        using var scope = NewDisposeScope();
        var model = Build(json);
        using var norm = new SpectralNorm(model, 2);
        (model.call(Hard()).Logits * 3).sum().backward();
        var gradients = model.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad?.clone());
        var bag = new StateBag();
        norm.Save(bag);
        norm.CarryGradients();
        var checkedOnes = 0;
        foreach (var ((name, _), parameter) in model.named_parameters().Zip(norm.Parameters))
        {
            if (!bag.Has($"{name}/raw") || gradients[name] is not { } gradient) continue;
            var raw = bag.GetTensor($"{name}/raw").clone().requires_grad_();
            var matrix = raw.reshape(raw.shape[0], -1);
            var sigma = bag.GetTensor($"{name}/left").dot(matrix.mv(bag.GetTensor($"{name}/right")));
            (gradient * (2 * raw / sigma)).sum().backward();
            Assert.That(Values(parameter.grad!), Is.EqualTo(Values(raw.grad!)).Within(1e-4), name);
            checkedOnes++;
        }
        Assert.That(checkedOnes, Is.GreaterThanOrEqualTo(3));
        bag.Clear();
    }

    /// <summary>
    /// The mean over positions, the table, a layer, a ReLU and a layer each have the constant 1 (or c), so the whole has c³: how far two
    /// scores lie apart is at most c³ times how far the mean tokens do.
    /// </summary>
    [TestCase(1)]
    [TestCase(2)]
    public void ABagOfWordsHasALipschitzConstant(double bound)
    {
        using var scope = NewDisposeScope();
        var model = Build("""{"kind":"bag","name":"d","embedding":8,"hidden":9,"dropout":0}""");
        using (no_grad())
            foreach (var parameter in model.parameters()) parameter.mul_(20);
        manual_seed(3);
        var tokens = (randn(2, 40, T, V) * 3).softmax(-1);
        double Steepest()
        {
            var scores = tokens.unbind(0).Select(relaxed => model.call(new TextBatch(relaxed.argmax(-1), null, relaxed)).Logits).ToArray();
            var means = tokens.mean([2]);
            var apart = (means[0] - means[1]).norm(1);
            return ((scores[0] - scores[1]).abs().squeeze(1) / apart).max().item<float>();
        }
        Assert.That(Steepest(), Is.GreaterThan(100));
        using var norm = new SpectralNorm(model, bound);
        for (var i = 0; i < 300; i++) norm.Refresh();
        Assert.That(Steepest(), Is.InRange(0.001, Math.Pow(bound, 3) * 1.001));
    }

    [Test]
    public void AModelWithoutMatricesIsRejected() =>
        Assert.That(() => new SpectralNorm(nn.LayerNorm(3), 1), Throws.TypeOf<TextGan.Problems.InvalidInputException>()
            .With.Message.Contains("the model LayerNorm has no weight matrix to normalise: no parameter of two dimensions or more whose " +
                "name begins with 'weight'."));

    /// <summary>Two steps from a checkpoint are the two steps without one.</summary>
    [Test]
    public void ItGoesOnFromACheckpoint()
    {
        using var scope = NewDisposeScope();
        void Step(Discriminator model, SpectralNorm norm)
        {
            model.call(Hard()).Logits.sum().backward();
            norm.CarryGradients();
            using var _ = no_grad();
            foreach (var parameter in norm.Parameters)
            {
                if (parameter.grad is not { } gradient) continue;
                parameter.sub_(gradient * 0.1);
                parameter.grad = null;
            }
            norm.Refresh();
        }
        var model = Build(Cnn[0]);
        using var norm = new SpectralNorm(model, 1);
        Step(model, norm);
        var bag = new StateBag();
        ModuleState.Save(model, bag.Scope("weights"));
        norm.Save(bag.Scope("norm"));
        var other = Build(Cnn[0], seed: 9);
        using var otherNorm = new SpectralNorm(other, 1);
        ModuleState.Load(other, bag.Scope("weights"));
        otherNorm.Load(bag.Scope("norm"));
        bag.Clear();
        Step(model, norm);
        Step(other, otherNorm);
        Assert.That(other.parameters().SelectMany(Values), Is.EqualTo(model.parameters().SelectMany(Values)));
    }
}
