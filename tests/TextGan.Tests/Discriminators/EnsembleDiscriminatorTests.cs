using TextGan.Discriminators;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class EnsembleDiscriminatorTests
{
    const string Json = """{"kind":"bag","name":"d","embedding":4,"hidden":5,"members":3""";

    static EnsembleDiscriminator Ensemble(string more = "")
    {
        manual_seed(1);
        var model = (EnsembleDiscriminator)Read($"{Json}{more}}}").BuildModel(Context());
        model.eval();
        return model;
    }

    /// <summary>
    /// Three members on two texts: 1, 3, 5 with the mean 3 and the variance (4 + 0 + 4) / 3, and -2, 0, -7 with the mean -3 and the
    /// variance (1 + 9 + 16) / 3.
    /// </summary>
    [TestCase(EnsembleRule.Mean, 3, -3)]
    [TestCase(EnsembleRule.Minimum, 1, -7)]
    [TestCase(EnsembleRule.MeanMinusVariance, 3 - 0.75 * 8 / 3, -3 - 0.75 * 26 / 3)]
    public void CombinesByHand(EnsembleRule rule, double first, double second)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,,] { { { 1 }, { -2 } }, { { 3 }, { 0 } }, { { 5 }, { -7 } } }); // [M,B,S]
        var combined = EnsembleDiscriminator.Combine(logits, rule, 0.75);
        Assert.That(combined.shape, Is.EqualTo(new long[] { 2, 1 }));
        Assert.That(Values(combined), Is.EqualTo(new[] { first, second }).Within(1e-5));
    }

    /// <summary>By each member's logit l of mean m: 1/3; 1 where it is the smallest; 1/3 - λ·2(l - m)/3.</summary>
    [TestCase(EnsembleRule.Mean, 1 / 3.0, 1 / 3.0, 1 / 3.0)]
    [TestCase(EnsembleRule.Minimum, 1, 0, 0)]
    [TestCase(EnsembleRule.MeanMinusVariance, (1 + 0.75 * 4) / 3, 1 / 3.0, (1 - 0.75 * 4) / 3)]
    public void ItsGradientByHand(EnsembleRule rule, double first, double second, double third)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 1, 3, 5 }).reshape(3, 1, 1).requires_grad_();
        EnsembleDiscriminator.Combine(logits, rule, 0.75).sum().backward();
        Assert.That(Values(logits.grad!), Is.EqualTo(new[] { first, second, third }).Within(1e-6));
    }

    [TestCase("", EnsembleRule.Mean)]
    [TestCase(""","ensemble":"minimum" """, EnsembleRule.Minimum)]
    [TestCase(""","ensemble":"mean-minus-variance","varianceWeight":2""", EnsembleRule.MeanMinusVariance)]
    public void JudgesByItsMembers(string more, EnsembleRule rule)
    {
        using var scope = NewDisposeScope();
        using var model = Ensemble(more);
        var members = stack([.. model.Members.Select(member => member.Judge(Hard()).Logits)]);
        Assert.That(Values(model.Judge(Hard()).Logits), Is.EqualTo(Values(EnsembleDiscriminator.Combine(members, rule, 2))));

        // A gradient reaches relaxed tokens.
        var relaxed = OneHot(requiresGrad: true);
        var logits = model.Judge(relaxed).Logits;
        Assert.That(MaxDifference(logits, model.Judge(Hard()).Logits), Is.LessThan(1e-6));
        logits.sum().backward();
        Assert.That(relaxed.Relaxed!.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }

    /// <summary>Standard deviations of two texts' scores by hand, √(8/3) and √(26/3), and their mean.</summary>
    [Test]
    public void TheirDisagreementIsTheMeanStandardDeviation()
    {
        using var scope = NewDisposeScope();
        using var model = Ensemble();
        double[][] scores = [.. model.Members.Select(member =>
            Values(member.Judge(Hard()).Logits).Select(logit => (double)logit).ToArray())];
        var expected = Enumerable.Range(0, 4).Average(text =>
        {
            double[] of = [.. scores.Select(member => member[text])];
            return Math.Sqrt(of.Average(score => Math.Pow(score - of.Average(), 2)));
        });
        Assert.That(expected, Is.GreaterThan(0.01));
        Assert.That(model.Disagreement(4, (from, count) => Hard().Rows(from, count)), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void MembersBeginWithOtherWeightsAndTheFirstWithThoseOfOneAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Ensemble();
        using var alone = Build(Json.Replace(",\"members\":3", "") + "}");
        var weights = model.Members.Select(member => string.Join(' ', member.parameters().SelectMany(Values))).ToArray();
        Assert.That(weights.Distinct().Count(), Is.EqualTo(3));
        Assert.That(weights[0], Is.EqualTo(string.Join(' ', alone.parameters().SelectMany(Values))));
        Assert.That(alone, Is.TypeOf<BagDiscriminator>(), "one member is no ensemble");
        Assert.That(model.named_parameters().Select(p => p.name), Has.Member("members.2.embedding.table.weight"));
    }

    [Test]
    public void MembersOfWhatDoesNotLearnAreRejected() =>
        Assert.That(new ConstantDiscriminatorOptions { Name = "c", Members = 2 }.Validate("$.discriminators[0]").Single().ToString(),
            Is.EqualTo("$.discriminators[0].members: is 2, but this kind does not learn, so that one is enough."));
}
