using TextGan.Plugins;
using CsCheck;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators.Losses;

/// <summary>
/// Values of every loss. One logit per text: real 2 and -1, opposing 0.5 and -3. With masks: real 1, (5) and 2, 4; opposing (7), -2
/// and 0, 3, where those in brackets do not count. s(x) = ln(1 + e^x), computed in double precision here.
/// </summary>
public sealed class LossTests
{
    static DiscriminatorOutput Real() => new(tensor(new float[,] { { 2 }, { -1 } }));
    static DiscriminatorOutput Opposing() => new(tensor(new float[,] { { 0.5f }, { -3 } }));
    static DiscriminatorOutput MaskedReal() =>
        new(tensor(new float[,] { { 1, 5 }, { 2, 4 } }), tensor(new float[,] { { 1, 0 }, { 1, 1 } }));
    static DiscriminatorOutput MaskedOpposing() =>
        new(tensor(new float[,] { { 7, -2 }, { 0, 3 } }), tensor(new float[,] { { 0, 1 }, { 1, 1 } }));

    static double S(double x) => Math.Log(1 + Math.Exp(x));

    static IEnumerable<TestCaseData> Discriminator()
    {
        yield return Case("non-saturating", "", ((S(-2) + S(1)) / 2 + (S(0.5) + S(-3)) / 2) / 2,
            ((S(-1) + (S(-2) + S(-4)) / 2) / 2 + (S(-2) + (S(0) + S(3)) / 2) / 2) / 2);
        // Smoothed by .1: .9 s(-D) + .1 s(D) of real texts.
        yield return Case("non-saturating", ",\"labelSmoothing\":0.1",
            ((Smooth(2) + Smooth(-1)) / 2 + (S(0.5) + S(-3)) / 2) / 2,
            ((Smooth(1) + (Smooth(2) + Smooth(4)) / 2) / 2 + (S(-2) + (S(0) + S(3)) / 2) / 2) / 2);
        // relu(1-2)=0, relu(1+1)=2: mean 1; relu(1.5)=1.5, relu(-2)=0: mean 0.75. Masked: real 0, 0, 0; opposing relu(-1)=0 and
        // (1+4)/2=2.5: mean 1.25.
        yield return Case("hinge", "", 1.75, 1.25);
        // ½(1²)=.5, ½(2²)=2: 1.25; ½(.25)=.125, ½9=4.5: 2.3125. Masked: real 0 and (.5+4.5)/2=2.5: 1.25; opposing 2 and (0+4.5)/2=2.25:
        // 2.125.
        yield return Case("least-squares", "", 3.5625, 3.375);
        // Targets 2 and -1: ½0, ½9: 2.25; ½2.25=1.125, ½4=2: 1.5625.  Masked: ½1=.5 and (0+2)/2=1: .75; ½1=.5 and (.5+8)/2=4.25: 2.375.
        yield return Case("least-squares", ",\"realTarget\":2,\"opposingTarget\":-1", 3.8125, 3.125);
        // The real target is .9: ½1.21=.605, ½3.61=1.805: 1.205.  Masked: ½.01=.005 and (.605 + ½9.61=4.805)/2=2.705: 1.355.
        yield return Case("least-squares", ",\"labelSmoothing\":0.1", 1.205 + 2.3125, 1.355 + 2.125);
        // .9 (D - 3)² + .1 (D + 1)² of a real text has the slope of (D - 2.6)²: ½.36=.18, ½12.96=6.48: 3.33.
        // Masked: ½2.56=1.28 and (.18 + ½1.96=.98)/2=.58: .93.
        yield return Case("least-squares", ",\"realTarget\":3,\"opposingTarget\":-1,\"labelSmoothing\":0.1", 3.33 + 1.5625, 0.93 + 2.375);
        // Pairs (2, .5) and (-1, -3).  Masked: the first pair has no logit that counts on both sides; the second has (2, 0) and (4, 3).
        yield return Case("relativistic", "", (S(-1.5) + S(-2)) / 2, (0 + (S(-2) + S(-1)) / 2) / 2);
        // Means: real .5, opposing -1.25.  Masked, by column: real 1.5 and 4, opposing 0 and .5.
        yield return Case("relativistic", ",\"average\":true", (S(-3.25) + S(-0.25)) / 2 + (S(0) + S(-3.5)) / 2,
            (S(-1) + (S(-2) + S(-3.5)) / 2) / 2 + (S(-6) + (S(-1.5) + S(-1)) / 2) / 2);
        // Means: opposing -1.25, real .5.  Masked: opposing (-2 + 1.5)/2 = -.25, real (1 + 3)/2 = 2.
        yield return Case("wasserstein", "", -1.75, -2.25);
        yield return Case("bradley-terry", "", (S(-1.5) + S(-2)) / 2, (0 + (S(-2) + S(-1)) / 2) / 2);
        yield return Case("bradley-terry", ",\"labelSmoothing\":0.1", (Smooth(1.5) + Smooth(2)) / 2,
            (0 + (Smooth(2) + Smooth(1)) / 2) / 2);

        static double Smooth(double x) => 0.9 * S(-x) + 0.1 * S(x);

        static TestCaseData Case(string kind, string more, double value, double masked) =>
            new TestCaseData($$"""{"kind":"{{kind}}"{{more}}}""", value, masked)
                .SetName($"DiscriminatorLoss {kind}{more.Replace("\"", "")}");
    }

    [TestCaseSource(nameof(Discriminator))]
    public void DiscriminatorLoss(string json, double value, double masked)
    {
        using var scope = NewDisposeScope();
        var loss = ReadLoss(json).Build(new BuildContext());
        Assert.That(loss.DiscriminatorLoss(Real(), Opposing()).shape, Is.Empty);
        Assert.That(loss.DiscriminatorLoss(Real(), Opposing()).item<float>(), Is.EqualTo(value).Within(1e-6));
        Assert.That(loss.DiscriminatorLoss(MaskedReal(), MaskedOpposing()).item<float>(), Is.EqualTo(masked).Within(1e-6));
    }

    static IEnumerable<TestCaseData> Generator()
    {
        yield return Case("non-saturating", "", [S(-0.5), S(3)], [S(2), (S(0) + S(-3)) / 2]);
        yield return Case("hinge", "", [-0.5, 3], [2, -1.5]);
        yield return Case("least-squares", "", [0.125, 8], [4.5, (0.5 + 2) / 2]);
        yield return Case("least-squares", ",\"generatorTarget\":0", [0.125, 4.5], [2, (0 + 4.5) / 2]);
        yield return Case("relativistic", "", [S(1.5), S(2)], [0, (S(2) + S(1)) / 2]);
        // Every row carries the mean over the real texts of s(D(x) - mean D(x̃)): s(3.25), s(.25).
        yield return Case("relativistic", ",\"average\":true", [S(0) + (S(3.25) + S(0.25)) / 2, S(3.5) + (S(3.25) + S(0.25)) / 2],
            [S(6) + (S(1) + (S(2) + S(3.5)) / 2) / 2, (S(1.5) + S(1)) / 2 + (S(1) + (S(2) + S(3.5)) / 2) / 2]);
        yield return Case("wasserstein", "", [-0.5, 3], [2, -1.5]);
        yield return Case("bradley-terry", "", [-0.5, 3], [2, -1.5]);

        static TestCaseData Case(string kind, string more, double[] value, double[] masked) =>
            new TestCaseData($$"""{"kind":"{{kind}}"{{more}}}""", value, masked)
                .SetName($"GeneratorLoss {kind}{more.Replace("\"", "")}");
    }

    [TestCaseSource(nameof(Generator))]
    public void GeneratorLoss(string json, double[] value, double[] masked)
    {
        using var scope = NewDisposeScope();
        var loss = ReadLoss(json).Build(new BuildContext());
        Assert.That(Values(loss.GeneratorLoss(Opposing(), loss.GeneratorReadsReal ? Real() : null)), Is.EqualTo(value).Within(1e-6));
        Assert.That(Values(loss.GeneratorLoss(MaskedOpposing(), loss.GeneratorReadsReal ? MaskedReal() : null)),
            Is.EqualTo(masked).Within(1e-6));
    }

    static readonly string[] Kinds =
    [
        """{"kind":"non-saturating"}""", """{"kind":"hinge"}""", """{"kind":"least-squares"}""", """{"kind":"relativistic"}""",
        """{"kind":"relativistic","average":true}""", """{"kind":"wasserstein"}""", """{"kind":"bradley-terry"}""",
    ];

    [TestCaseSource(nameof(Kinds))]
    public void AMaskOfOnesChangesNothing(string json)
    {
        var loss = ReadLoss(json).Build(new BuildContext());
        Gen.Float[-8, 8].Array[12].Select(Gen.Float[-8, 8].Array[12]).Sample((mine, theirs) =>
        {
            using var scope = NewDisposeScope();
            var (real, opposing) = (new DiscriminatorOutput(tensor(mine).view(4, 3)), new DiscriminatorOutput(tensor(theirs).view(4, 3)));
            var (realMasked, opposingMasked) = (real with { Mask = ones(4, 3) }, opposing with { Mask = ones(4, 3) });
            Assert.That(loss.DiscriminatorLoss(realMasked, opposingMasked).item<float>(),
                Is.EqualTo(loss.DiscriminatorLoss(real, opposing).item<float>()).Within(1e-5));
            Assert.That(Values(loss.GeneratorLoss(opposingMasked, realMasked)),
                Is.EqualTo(Values(loss.GeneratorLoss(opposing, real))).Within(1e-5));
        }, iter: 20, threads: 1);
    }

    /// <summary>The gradient of a logit that does not count is 0, that of one that counts (here) is not.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void NoGradientReachesMaskedLogits(string json)
    {
        using var scope = NewDisposeScope();
        var loss = ReadLoss(json).Build(new BuildContext());
        var logits = tensor(new float[,] { { -1, 9, 0.5f }, { 1, 0.25f, -2 } }, requires_grad: true);
        var mask = tensor(new float[,] { { 1, 0, 1 }, { 1, 1, 0 } });
        var real = new DiscriminatorOutput(tensor(new float[,] { { 0.3f, 0.2f, 0.1f }, { -0.3f, 0.5f, 0.4f } }));
        (loss.DiscriminatorLoss(real, new DiscriminatorOutput(logits, mask))
            + 2 * loss.GeneratorLoss(new DiscriminatorOutput(logits, mask), real).sum()).backward();
        Assert.That(Values(logits.grad!.ne(0).to_type(float32)), Is.EqualTo(Values(mask)));
    }

    /// <summary>Losses of differences do not change when all scores move together.</summary>
    [TestCase("""{"kind":"relativistic"}"""), TestCase("""{"kind":"relativistic","average":true}""")]
    [TestCase("""{"kind":"bradley-terry"}"""), TestCase("""{"kind":"wasserstein"}""")]
    public void OnlyDifferencesCount(string json)
    {
        using var scope = NewDisposeScope();
        var loss = ReadLoss(json).Build(new BuildContext());
        static DiscriminatorOutput Moved(DiscriminatorOutput output) => output with { Logits = output.Logits + 3 };
        Assert.That(loss.DiscriminatorLoss(Moved(MaskedReal()), Moved(MaskedOpposing())).item<float>(),
            Is.EqualTo(loss.DiscriminatorLoss(MaskedReal(), MaskedOpposing()).item<float>()).Within(1e-5));
        Assert.That(loss.Threshold(Moved(Real()), Moved(Opposing())).item<float>(), Is.EqualTo(3 - 0.375).Within(1e-6),
            "midway between .5 and -1.25, and 3 more");
    }

    [Test]
    public void HingeTeachesNothingBeyondItsMargin()
    {
        using var scope = NewDisposeScope();
        var real = tensor(new float[,] { { 1.5f }, { 0.5f } }, requires_grad: true);
        var opposing = tensor(new float[,] { { -4 }, { -0.5f } }, requires_grad: true);
        var loss = new HingeLoss().DiscriminatorLoss(new DiscriminatorOutput(real), new DiscriminatorOutput(opposing));
        loss.backward();
        // Only .5 and -.5 lie inside: (0 + .5)/2 + (0 + .5)/2. Without clipping the first texts would count -.5 and -3.
        Assert.That(loss.item<float>(), Is.EqualTo(0.5f));
        Assert.That(Values(real.grad!), Is.EqualTo(new[] { 0f, -0.5f }));
        Assert.That(Values(opposing.grad!), Is.EqualTo(new[] { 0f, 0.5f }));
    }

    [TestCase("relativistic"), TestCase("bradley-terry")]
    public void PairsNeedAsManyTextsOnBothSides(string kind)
    {
        using var scope = NewDisposeScope();
        var problem = Assert.Throws<ArgumentException>(() => ReadLoss($$"""{"kind":"{{kind}}"}""").Build(new BuildContext())
            .DiscriminatorLoss(Real(), new DiscriminatorOutput(zeros(3, 1))));
        Assert.That(problem!.Message, Does.StartWith("This loss compares pairs: 2 real texts and 3 opposing ones."));
    }

    [Test]
    public void GeneratedTextsShareFewerRealOnesInTurn()
    {
        using var scope = NewDisposeScope();
        var generated = new DiscriminatorOutput(zeros(5, 1));
        // Real 2, -1, 2, -1, 2.
        Assert.That(Values(new RelativisticLoss().GeneratorLoss(generated, Real())),
            Is.EqualTo(new[] { S(2), S(-1), S(2), S(-1), S(2) }).Within(1e-6));
    }

    [Test]
    public void RelativisticLossesAskForRealTexts()
    {
        Assert.That(Kinds.Where(json => ReadLoss(json).Build(new BuildContext()).GeneratorReadsReal),
            Is.EqualTo(Kinds.Where(json => json.Contains("relativistic"))));
        Assert.That(Kinds.Where(json => ReadLoss(json).NeedsPairs), Is.EqualTo(new[] { """{"kind":"bradley-terry"}""" }));
        Assert.That(Kinds.Where(json => ReadLoss(json).DifferentiatesInputs), Is.EqualTo(new[] { """{"kind":"wasserstein"}""" }));
        using var scope = NewDisposeScope();
        Assert.That(() => new RelativisticLoss().GeneratorLoss(Opposing(), null), Throws.ArgumentNullException);
        Assert.That(() => new RelativisticAverageLoss().GeneratorLoss(Opposing(), null), Throws.ArgumentNullException);
    }

    [Test]
    public void LeastSquaresTargetsMustBeInOrder() =>
        Assert.That(ReadLoss("""{"kind":"least-squares","realTarget":0}""").Validate("$.loss").Select(problem => problem.ToString()),
            Is.EqualTo(new[] { "$.loss.realTarget: is 0, which is not above 'opposingTarget' 0; a higher logit must mean a more real " +
                "text." }));

    [TestCase("hinge",
        "the hinge loss has margins and no labels: logits beyond a margin teach nothing more, which is what smoothing is for.")]
    [TestCase("relativistic",
        "a relativistic loss compares a text with others and labels neither, so that no side could be smoothed alone.")]
    [TestCase("wasserstein",
        "the Wasserstein loss is a difference of mean scores without labels; its gradient penalty bounds the scores.")]
    public void LossesWithoutLabelsCannotBeSmoothed(string kind, string reason)
    {
        Assert.That(ReadLoss($$"""{"kind":"{{kind}}","labelSmoothing":0.1}""").Validate("$.loss").Select(problem => problem.ToString()),
            Is.EqualTo(new[] { $"$.loss.labelSmoothing: is 0.1, but {reason} Leave it out, or take \"non-saturating\", " +
                "\"least-squares\" or \"bradley-terry\"." }));
        Assert.That(ReadLoss($$"""{"kind":"{{kind}}","labelSmoothing":0}""").Validate("$.loss"), Is.Empty);
    }

    [Test]
    public void AccuracyIsTheShareOnTheRightSide()
    {
        using var scope = NewDisposeScope();
        var loss = new NonSaturatingLoss();
        var output = new DiscriminatorOutput(tensor(new float[,] { { 2 }, { 1 }, { -3 }, { 0 } }));
        var threshold = loss.Threshold(output, output);
        // Above: 2 and 1, and half of 0.
        Assert.That(AdversarialLoss.Accuracy(output, true, threshold).item<float>(), Is.EqualTo(0.625f));
        Assert.That(AdversarialLoss.Accuracy(output, false, threshold).item<float>(), Is.EqualTo(0.375f));
        // The masked texts' scores are 1 and 3.
        Assert.That(AdversarialLoss.Accuracy(MaskedReal(), true, tensor(2f)).item<float>(), Is.EqualTo(0.5f));
        Assert.That(new LeastSquaresLoss().Threshold(output, output).item<float>(), Is.EqualTo(0.5f));
        Assert.That(new LeastSquaresLoss(3, -1).Threshold(output, output).item<float>(), Is.EqualTo(1f));
    }

    [Test]
    public void PairAccuracyIsTheShareInTheRightOrder()
    {
        using var scope = NewDisposeScope();
        var chosen = new DiscriminatorOutput(tensor(new float[,] { { 9 }, { 1 }, { -3 }, { 0 } }));
        var rejected = new DiscriminatorOutput(tensor(new float[,] { { 8 }, { 2 }, { -4 }, { 0 } }));
        Assert.That(AdversarialLoss.PairAccuracy(chosen, rejected).item<float>(), Is.EqualTo(0.625f), "right, wrong, right, tie");
    }

    [Test]
    public void AccuracyCarriesNoGraph()
    {
        using var scope = NewDisposeScope();
        var output = new DiscriminatorOutput(zeros(2, 1, requires_grad: true));
        foreach (var json in Kinds)
        {
            var threshold = ReadLoss(json).Build(new BuildContext()).Threshold(output, output);
            Assert.That(threshold.requires_grad, Is.False);
            Assert.That(AdversarialLoss.Accuracy(output, true, threshold).requires_grad, Is.False);
        }
        Assert.That(is_grad_enabled());
    }
}
