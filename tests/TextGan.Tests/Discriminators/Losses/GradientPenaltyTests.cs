using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Tokenization;
using TorchSharp;
using TorchSharp.Modules;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators.Losses;

public sealed class GradientPenaltyTests
{
    /// <summary>D(x) = Σ_t w · x_t: its gradient in x is w at every position, of norm √T ‖w‖.</summary>
    sealed class LinearCritic : Discriminator
    {
        readonly Parameter weight;

        public LinearCritic(params float[] weight) : base(nameof(LinearCritic), weight.Length)
        {
            this.weight = nn.Parameter(tensor(weight));
            RegisterComponents();
        }

        public override DiscriminatorOutput forward(TextBatch tokens) => new(tokens.Relaxed!.matmul(weight).sum(1, keepdim: true));
    }

    [Test]
    public void EqualsTheFormulaForALinearCritic()
    {
        using var scope = NewDisposeScope();
        var critic = new LinearCritic(3, 4);
        var (real, opposing) = (new TextBatch(zeros([5, 4], int64), null), new TextBatch(ones([5, 4], int64), null));
        var penalty = new WassersteinLoss(10).Penalty(critic, real, opposing)!;
        penalty.backward();
        // √4 · 5 = 10, so 10 · (10 - 1)² = 810; its derivative in w is 10 · 2 · 9 · √4 · w/‖w‖ = 360 · (.6, .8).
        Assert.That(penalty.shape, Is.Empty);
        Assert.That(penalty.item<float>(), Is.EqualTo(810).Within(1e-3));
        Assert.That(Values(critic.get_parameter("weight")!.grad!), Is.EqualTo(new[] { 216f, 288f }).Within(1e-2));
        Assert.That(new WassersteinLoss(0).Penalty(critic, real, opposing), Is.Null);
    }

    /// <summary>(√4 · 5)² = 100, and 2 · 4 · w in w.</summary>
    [Test]
    public void AtRealTextsItIsTheSquaredNorm()
    {
        using var scope = NewDisposeScope();
        var critic = new LinearCritic(3, 4);
        var penalty = GradientPenalty.AtReal(critic, new TextBatch(zeros([5, 4], int64), null));
        penalty.backward();
        Assert.That(penalty.shape, Is.Empty);
        Assert.That(penalty.item<float>(), Is.EqualTo(100).Within(1e-3));
        Assert.That(Values(critic.get_parameter("weight")!.grad!), Is.EqualTo(new[] { 24f, 32f }).Within(1e-3));
    }

    [Test]
    public void IsFiniteWhereTheGradientIsZero()
    {
        using var scope = NewDisposeScope();
        var critic = new LinearCritic(0, 0);
        var tokens = new TextBatch(zeros([2, 3], int64), null);
        var penalty = GradientPenalty.Of(critic, tokens, tokens);
        penalty.backward();
        Assert.That(penalty.item<float>(), Is.EqualTo(1).Within(1e-5));
        Assert.That(critic.get_parameter("weight")!.grad!.isfinite().all().item<bool>());
    }

    [Test]
    public void LiesBetweenBothTexts()
    {
        using var scope = NewDisposeScope();
        var real = new TextBatch(tensor(new long[,] { { 2, 1, 1 }, { 0, 2, 1 } }), 1);
        var relaxed = tensor(new float[,,] { { { 0.5f, 0, 0.5f }, { 1, 0, 0 }, { 0, 0, 1 } }, { { 0, 1, 0 }, { 0, 1, 0 }, { 0, 1, 0 } } },
            requires_grad: true);
        var opposing = new TextBatch(tensor(new long[,] { { 0, 0, 2 }, { 1, 1, 1 } }), 1, relaxed);
        var between = GradientPenalty.Between(real, opposing, tensor(new[] { 0.25f, 0.75f }).view(2, 1, 1), 3);
        Assert.That(Values(between.Relaxed!), Is.EqualTo(new[]
        {
            0.375f, 0, 0.625f, /**/ 0.75f, 0.25f, 0, /**/ 0, 0.25f, 0.75f,
            0.75f, 0.25f, 0, /**/ 0, 0.25f, 0.75f, /**/ 0, 1, 0,
        }).Within(1e-6));
        Assert.That(Values(between.Mask), Is.EqualTo(new float[] { 1, 1, 1, 1, 1, 1 }), "the longer text's");
        Assert.That(between.Ids.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 0, 2, 0, 2, 1 }));
        Assert.That(between.Relaxed!.requires_grad && between.Relaxed.is_leaf, "no graph leads back to the opposing text");
    }

    [Test]
    public void IdsEqualOneHotTokens()
    {
        using var scope = NewDisposeScope();
        var model = Build(Cnn[0]);
        var flipped = Ids().flip(0);
        var values = new[] { (Hard(), Hard(flipped)), (OneHot(), OneHot(flipped)), (Hard(), OneHot(flipped)) }.Select(pair =>
        {
            manual_seed(2);
            return GradientPenalty.Of(model, pair.Item1, pair.Item2).item<float>();
        }).ToArray();
        Assert.That(values, Is.All.EqualTo(values[0]).Within(1e-6));
    }

    /// <summary>
    /// Second derivatives: the penalty's gradient in the parameters, against the penalty itself a little further and a little
    /// back along that gradient.
    /// </summary>
    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void ReachesTheParameters(string json) =>
        AssertReaches(Build(json), 2e-3, model => GradientPenalty.Of(model, Hard(), Hard(Ids().flip(0))));

    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void AtRealTextsItReachesTheParameters(string json)
    {
        using var ids = Distinct();
        AssertReaches(Build(json), 2e-4, model => GradientPenalty.AtReal(model, Hard(ids)));
    }

    /// <summary>No token twice, and short steps: where the strongest window changes, the penalty jumps.</summary>
    internal static Tensor Distinct() => tensor(new long[,] { { 6, 4, 2, 3, 5, 0 }, { 2, 5, 0, 3, 6, 1 }, { 4, 0, 6, 5, 3, 2 } });

    internal static void AssertReaches(Discriminator model, double h, Func<Discriminator, Tensor> penalty)
    {
        using var scope = NewDisposeScope();
        using (no_grad()) model.get_parameter("head.weight")!.mul_(20); // gradients far from 0, as after some training

        Tensor Penalty()
        {
            manual_seed(2);
            return penalty(model);
        }

        Penalty().backward();
        var directions = model.parameters().Where(parameter => parameter.grad is not null)
            .Select(parameter => (Parameter: parameter, Gradient: parameter.grad!.clone())).ToArray();
        // What the score does not multiply with the tokens (the last bias, a bias after the last ReLU) has no second derivative; the rest
        // has.
        Assert.That(directions.Select(direction => direction.Gradient.abs().sum().item<float>()).Count(sum => sum > 0),
            Is.GreaterThanOrEqualTo(3));
        var norm = Math.Sqrt(directions.Sum(direction => direction.Gradient.square().sum().item<float>()));

        void Move(double step)
        {
            using var _ = no_grad();
            foreach (var (parameter, gradient) in directions) parameter.add_(gradient * (step / norm));
        }

        Move(h);
        var further = Penalty().item<float>();
        Move(-2 * h);
        var back = Penalty().item<float>();
        Assert.That((further - back) / (2 * h), Is.EqualTo(norm).Within(3).Percent);
    }

    [Test]
    public void RefusesAJudgeWithoutAGradient()
    {
        using var scope = NewDisposeScope();
        var constant = Build("""{"kind":"constant","name":"d"}""");
        Assert.That(Assert.Throws<InvalidOperationException>(() => GradientPenalty.Of(constant, Hard(), Hard()))!.Message,
            Is.EqualTo("A gradient penalty needs a discriminator that reads relaxed tokens and tells its vocabulary size; " +
                "ConstantDiscriminator does not."));
        Assert.That(Assert.Throws<InvalidOperationException>(() => GradientPenalty.Of(constant, OneHot(), Hard()))!.Message,
            Is.EqualTo("A gradient penalty needs a discriminator that can be differentiated in its tokens; ConstantDiscriminator cannot."));
        Assert.That(Assert.Throws<ArgumentException>(() => GradientPenalty.Of(Build(Cnn[0]), Hard(), Hard(Ids()[..2])))!.Message,
            Does.StartWith("A gradient penalty mixes pairs: 4 real texts and 2 opposing ones."));
    }
}
