using TextGan.Learning.Updates.Losses;
using TextGan.Generators.Sampling;
using TextGan.Discriminators.Losses;
using TextGan.Discriminators;
using TextGan.Tests.Learning;
using TextGan.Tests.Generators;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Rewards;

/// <summary>What a judgement becomes as a reward, against formulas written out.</summary>
public sealed class RewardTests
{
    const int End = 0;

    /// <summary>The logit of each token is that of its id; of a text, that of its first token.</summary>
    sealed class IdDiscriminator(double[] logits, bool perStep) : Discriminator(nameof(IdDiscriminator))
    {
        public override DiscriminatorOutput forward(TextBatch tokens)
        {
            var all = tensor(logits, float32)[tokens.Ids]; // [B,T]
            return perStep ? new DiscriminatorOutput(all, tokens.Mask) : new DiscriminatorOutput(all.narrow(1, 0, 1));
        }
    }

    static readonly double[] Logits = [0.75, 2, -1, 0.5];

    static TokenCredit Credit(CreditAssignment credit, RewardTransform scale, AdversarialLoss loss, long[,] texts, long[,]? real = null,
        bool perStep = false)
    {
        using var generator = new BigramGenerator(4, 1);
        using var judge = new IdDiscriminator(Logits, perStep);
        var adversary = new Judge("judge", judge, loss, CPU, null, count =>
        {
            Assert.That(count, Is.EqualTo(texts.GetLength(0)));
            return new TextBatch(tensor(real!), End);
        });
        using var _ = no_grad();
        return credit.Assign(
            new CreditRequest(generator, [adversary], new TextBatch(tensor(texts), End), End, End, new RewardScorer(scale, CPU))).Single();
    }

    static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Two texts with the logits 2 and -1; against real ones with 0.5 and 0.75 where the loss compares.</summary>
    static IEnumerable<TestCaseData> Rewards()
    {
        static TestCaseData Case(RewardTransform scale, AdversarialLoss loss, double first, double second) =>
            new TestCaseData(scale, loss, new[] { first, second }).SetArgDisplayNames(scale.GetType().Name, loss.GetType().Name);
        yield return Case(new LogitReward(), new LeastSquaresLoss(1, 0, 3), 2, -1);
        yield return Case(new ProbabilityReward(), new LeastSquaresLoss(1, 0, 3), Sigmoid(2), Sigmoid(-1));
        yield return Case(new SignedProbabilityReward(), new HingeLoss(), 2 * Sigmoid(2) - 1, 2 * Sigmoid(-1) - 1);
        yield return Case(new LogProbabilityReward(), new HingeLoss(), -Softplus(-2), -Softplus(1));
        yield return Case(new MaliGanReward(), new NonSaturatingLoss(), 2 / (1 + Math.Exp(-3)), 2 / (1 + Math.Exp(3))); // r = e^2, e^-1
        yield return Case(new NegativeLossReward(), new LeastSquaresLoss(1, 0, 3), -0.5, -8); // -½ (2 - 3)², -½ (-1 - 3)²
        yield return Case(new NegativeLossReward(), new NonSaturatingLoss(), -Softplus(-2), -Softplus(1));
        yield return Case(new NegativeLossReward(), new HingeLoss(), 2, -1);
        yield return Case(new NegativeLossReward(), new WassersteinLoss(), 2, -1);
        yield return Case(new NegativeLossReward(), new BradleyTerryLoss(), 2, -1);
        yield return Case(new NegativeLossReward(), new RelativisticLoss(), -Softplus(0.5 - 2), -Softplus(0.75 + 1));
        // Its own side against the mean of the real ones, 0.625; the other side, the same for all: real ones against the generated mean
        // 0.5.
        var common = (Softplus(0.5 - 0.5) + Softplus(0.75 - 0.5)) / 2;
        yield return Case(new NegativeLossReward(), new RelativisticAverageLoss(), -Softplus(0.625 - 2) - common,
            -Softplus(0.625 + 1) - common);
    }

    /// <summary>r = e^0 = 1, e^ln 3 = 3 and e^-∞ = 0, mean 4/3; and with logits that float32 cannot raise e to.</summary>
    [TestCase(0, 0.75, 2.25, 0)]
    [TestCase(1000, 0.75, 2.25, 0)]
    [TestCase(-1000, 0.75, 2.25, 0)]
    public void MaliGan(double shift, params double[] expected)
    {
        using var scope = NewDisposeScope();
        var rewards = new MaliGanReward().Of(tensor([shift, shift + Math.Log(3), shift - 1000], float32));
        Assert.That(GeneratorCases.Doubles(rewards), Is.EqualTo(expected).Within(2e-4)); // ln 3 near 1000 has three decimals in float32
    }

    [TestCaseSource(nameof(Rewards))]
    public void OfAText(RewardTransform scale, AdversarialLoss loss, double[] expected)
    {
        using var scope = NewDisposeScope();
        var credit = Credit(new SequenceCredit(), scale, loss, new long[,] { { 1, 3, 0 }, { 2, 0, 0 } },
            new long[,] { { 3, 1, 0 }, { 0, 0, 0 } });
        Assert.That(GeneratorCases.Doubles(credit.Reward), Is.EqualTo(expected).Within(1e-6));
        Assert.That(GeneratorCases.Doubles(credit.Returns), Is.EqualTo(expected.SelectMany(r => new[] { r, r, r })).Within(1e-6));
    }

    /// <summary>Logits 2, -1, 0.75 (the end) and 0.75 (the end); least squares with the target 1: -½, -2, -1/32 and -1/32.</summary>
    [Test]
    public void OfEachStep()
    {
        using var scope = NewDisposeScope();
        var credit = Credit(new StepCredit(0.5), new NegativeLossReward(), new LeastSquaresLoss(), new long[,] { { 1, 2, 0 }, { 0, 0, 0 } },
            perStep: true);
        Assert.That(GeneratorCases.Doubles(credit.Returns),
            Is.EqualTo(new[] { -0.5 - 1 - 1 / 128.0, -2 - 1 / 64.0, -1 / 32.0, -1 / 32.0, 0, 0 }).Within(1e-6));
        Assert.That(GeneratorCases.Doubles(credit.Reward), Is.EqualTo(new[] { -2.5 - 1 / 32.0, -1 / 32.0 }).Within(1e-6));
        // As one reward a text the loss is the mean of its steps'.
        var whole = Credit(new SequenceCredit(), new NegativeLossReward(), new LeastSquaresLoss(), new long[,] { { 1, 2, 0 }, { 0, 0, 0 } },
            perStep: true);
        Assert.That(GeneratorCases.Doubles(whole.Reward), Is.EqualTo(new[] { (-2.5 - 1 / 32.0) / 3, -1 / 32.0 }).Within(1e-6));
    }

    /// <summary>What is logged is then the generator's loss, as it is with Gumbel-softmax.</summary>
    [Test]
    public void TheTermIsTheLoss()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(4, 1);
        using var judge = new IdDiscriminator(Logits, perStep: false);
        var loss = new LeastSquaresLoss(1, 0, 3);
        var adversary = new Judge("judge", judge, loss, CPU, null, _ => throw new InvalidOperationException());
        using var estimator = new PolicyGradientUpdate(
            new NegativeLossReward(), new SequenceCredit(), new AdvantageCombination([new LeaveOneOutBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null));
        manual_seed(2);
        var estimate = estimator.Estimate(new RolloutRequest(generator, [adversary], 16, 3, End, End, 0, 1, NeedsLogits: false));
        var expected = GeneratorCases.Doubles(loss.GeneratorLoss(judge.forward(estimate.Generated.Tokens), null)).Average();
        Assert.That(estimate.Terms[0].Value.item<float>(), Is.EqualTo(expected).Within(1e-5));
    }
}
