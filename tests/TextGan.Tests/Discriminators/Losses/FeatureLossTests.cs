using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Plugins;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators.Losses;

/// <summary>Losses of features, in double precision: values by hand, gradients by finite differences.</summary>
public sealed class FeatureLossTests
{
    /// <summary>Logits that no loss may read where it reads features alone.</summary>
    static DiscriminatorOutput Of(Tensor features) => new(full([features.shape[0], 1], double.NaN, float64)) { Features = features };

    static Tensor Features(double[,] values) => tensor(values);

    static AdversarialLoss Loss(string json) => ReadLoss(json).Build(new BuildContext());

    static double[] Numbers(Tensor values) => values.detach().flatten().data<double>().ToArray();

    /// <summary>
    /// γ = ln 4, so that exp(γ cos) is 4, 2, 1 and ¼ for the angles 0°, 60°, 90° and 180°. The reference is (1,0); real texts are at
    /// 60° and 90°, generated ones at 180° and 0°; lengths do not count.
    /// </summary>
    static readonly string Ranking = FormattableString.Invariant(
        $$"""{"kind":"ranking","gamma":{{Math.Log(4):R}},"references":1,"comparisons":2}""");

    static DiscriminatorOutput Real() => Of(Features(new[,] { { 7, 0 }, { 1, Math.Sqrt(3) }, { 0, .5 } }));

    static DiscriminatorOutput Generated() => Of(Features(new double[,] { { -2, 0 }, { 3, 0 } }));

    [Test]
    public void Ranks_by_hand()
    {
        using var scope = NewDisposeScope();
        var loss = Loss(Ranking);
        double[] real = [Math.Log(2 / (2 + .25 + 4)), Math.Log(1 / (1 + .25 + 4))];
        double[] generated = [Math.Log(.25 / (.25 + 2 + 1)), Math.Log(4.0 / (4 + 2 + 1))];
        Assert.That(loss.DiscriminatorLoss(Real(), Generated()).item<double>(),
            Is.EqualTo(generated.Average() - real.Average()).Within(1e-12));
        Assert.That(Numbers(loss.GeneratorLoss(Generated(), Real())), Is.EqualTo(generated.Select(x => -x)).Within(1e-12));

        var (onReal, onGenerated) = loss.Scores(Real(), Generated());
        Assert.That(Numbers(onReal.Logits), Is.EqualTo(real).Within(1e-12));
        Assert.That(Numbers(onGenerated.Logits), Is.EqualTo(generated).Within(1e-12));
        Assert.That(loss.Threshold(onReal, onGenerated).item<double>(),
            Is.EqualTo((real.Average() + generated.Average()) / 2).Within(1e-12));
        Assert.That((loss.GeneratorReadsReal, loss.RealTexts(1000)), Is.EqualTo((true, 3)), "one reference, two comparisons");
    }

    [Test]
    public void No_more_comparisons_than_asked_for()
    {
        using var scope = NewDisposeScope();
        var loss = Loss(Ranking.Replace("\"comparisons\":2", "\"comparisons\":1"));
        Assert.That(Numbers(loss.GeneratorLoss(Generated(), Real())),
            Is.EqualTo(new[] { -Math.Log(.25 / 1.25), -Math.Log(4.0 / 5) }).Within(1e-12));
    }

    /// <summary>
    /// R is the mean of P over the references, not of its logarithm: (1,0) and (0,1), the latter at 30° from the first text.
    /// </summary>
    [Test]
    public void The_rank_is_a_mean_over_references()
    {
        using var scope = NewDisposeScope();
        var loss = Loss(Ranking.Replace("\"references\":1", "\"references\":2"));
        var real = Of(Features(new[,] { { 1.0, 0 }, { 0, 1 }, { 1, Math.Sqrt(3) } }));
        var generated = Of(Features(new double[,] { { 1, 0 } }));
        var near = Math.Pow(4, Math.Cos(Math.PI / 6)); // of the real text at (0,1)
        Assert.That(Numbers(loss.GeneratorLoss(generated, real)),
            Is.EqualTo(new[] { -Math.Log((4 / (4 + 2.0) + 1 / (1 + near)) / 2) }).Within(1e-12));
    }

    [Test]
    public void Equal_texts_are_at_chance()
    {
        using var scope = NewDisposeScope();
        var loss = Loss("""{"kind":"ranking","references":2,"comparisons":3}""");
        var same = Of(ones(5, 4, float64));
        Assert.That(loss.DiscriminatorLoss(same, same).item<double>(), Is.Zero.Within(1e-12));
        Assert.That(Numbers(loss.GeneratorLoss(same, same)), Is.All.EqualTo(Math.Log(4)).Within(1e-12));
    }

    [Test]
    public void A_ranking_needs_more_real_texts_than_references()
    {
        using var scope = NewDisposeScope();
        var loss = Loss("""{"kind":"ranking","references":3}""");
        Assert.That(() => loss.DiscriminatorLoss(Real(), Generated()), Throws.ArgumentException
            .With.Message.StartsWith("There are 3 real texts, of which 3 are references; at least 4 are needed."));
    }

    const string Matching = """{"kind":"feature-matching","widths":[1]}""";

    /// <summary>
    /// Generated 0 and 2, real 1 and 3: the 16 squared distances have the mean 40/16 = 2.5, so that k = exp(-d²/5).
    /// </summary>
    [Test]
    public void Discrepancy_by_hand()
    {
        using var scope = NewDisposeScope();
        var (real, generated) = (Of(Features(new double[,] { { 1 }, { 3 } })), Of(Features(new double[,] { { 0 }, { 2 } })));
        static double K(double distance) => Math.Exp(-distance * distance / 5);
        var among = K(2); // of each with the one other
        double[] across = [(K(1) + K(3)) / 2, K(1)];
        // Both sides have the same mean among themselves.
        Assert.That(Numbers(Loss(Matching).GeneratorLoss(generated, real)),
            Is.EqualTo(across.Select(one => 2 * among - 2 * one + among - among)).Within(1e-12));
        var discrepancy = 2 * among - 2 * across.Average();
        Assert.That(Numbers(Loss(Matching).GeneratorLoss(generated, real)).Average(), Is.EqualTo(discrepancy).Within(1e-12));

        // Of several widths the mean; the scale stays.
        static double K2(double distance) => (K(distance) + Math.Exp(-distance * distance / 20)) / 2;
        Assert.That(Numbers(Loss("""{"kind":"feature-matching","widths":[1,4]}""").GeneratorLoss(generated, real)).Average(),
            Is.EqualTo(2 * K2(2) - K2(1) * 1.5 - K2(3) / 2).Within(1e-12));

        // The discriminator's: cross-entropy of logits 0, less a part of the same.
        DiscriminatorOutput Judged(DiscriminatorOutput output) => output with { Logits = zeros(2, 1, float64) };
        Assert.That(Loss("""{"kind":"feature-matching","widths":[1],"discriminatorWeight":0.5}""")
            .DiscriminatorLoss(Judged(real), Judged(generated)).item<double>(), Is.EqualTo(Math.Log(2) - discrepancy / 2).Within(1e-12));
        Assert.That(Loss(Matching).DiscriminatorLoss(Judged(real), Judged(generated)).item<double>(),
            Is.EqualTo(Math.Log(2)).Within(1e-12));
    }

    /// <summary>The gradient of the mean is that of the MMD², whose scale is held fixed.</summary>
    [Test]
    public void The_gradient_is_that_of_the_discrepancy()
    {
        using var scope = NewDisposeScope();
        double[] made = [0, 2, 2.5], known = [1, 3, -1, .3];
        double[] all = [.. made, .. known];
        var scale = (from a in all from b in all select (a - b) * (a - b)).Average();
        double K(double a, double b) => Math.Exp(-(a - b) * (a - b) / (2 * scale));
        double Others(double[] x) => x.SelectMany((a, i) => x.Where((_, j) => j != i).Select(b => K(a, b))).Average();
        double Discrepancy(double[] x) => Others(x) + Others(known) - 2 * (from a in x from b in known select K(a, b)).Average();
        var features = tensor(made).view(3, 1).requires_grad_(true);
        Loss(Matching).GeneratorLoss(Of(features), Of(tensor(known).view(4, 1))).mean().backward();
        var found = Numbers(features.grad!);
        for (var i = 0; i < made.Length; i++)
        {
            double At(double moved) => Discrepancy([.. made.Select((x, j) => j == i ? x + moved : x)]);
            Assert.That(found[i], Is.EqualTo((At(1e-5) - At(-1e-5)) / 2e-5).Within(1e-8));
        }
        Assert.That(found.Max(Math.Abs), Is.GreaterThan(0.01));
    }

    /// <summary>
    /// Over all pairs of samples of two that can be drawn from three values the mean of the estimate is 0: a generator that is right gains
    /// nothing by more similar texts. (The scale is that of all four, in which the sides can be exchanged.)
    /// </summary>
    [Test]
    public void The_discrepancy_of_equal_sides_is_0_on_average()
    {
        using var scope = NewDisposeScope();
        double[] values = [0, 1, 5];
        var estimates = (
            from a in values from b in values from c in values from d in values where new[] { a, b, c, d }.Distinct().Count() > 1
            select Loss(Matching).GeneratorLoss(Of(Features(new[,] { { a }, { b } })), Of(Features(new[,] { { c }, { d } }))).mean()
                .item<double>()).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(estimates, Has.Count.EqualTo(78));
            Assert.That(estimates.Average(), Is.EqualTo(0).Within(1e-12));
            Assert.That(estimates.Max(Math.Abs), Is.GreaterThan(0.5));
        });
    }

    [Test]
    public void A_single_generated_text_is_no_pair_with_itself()
    {
        using var scope = NewDisposeScope();
        var (real, generated) = (Of(Features(new double[,] { { 1 }, { 3 } })), Of(Features(new double[,] { { 2 } })));
        // The nine squared distances have the mean 12/9; both real texts are 1 from the generated one and 2 from each other.
        static double K(double squared) => Math.Exp(-squared / (2 * 12 / 9.0));
        Assert.That(Loss(Matching).GeneratorLoss(generated, real).mean().item<double>(), Is.EqualTo(K(4) - 2 * K(1)).Within(1e-12));
    }

    [Test]
    public void A_ranking_has_the_gradient_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        double[] made = [-2, 1, 3, -.5], known = [7, .1, 1, 2, .3, .5];
        double Value(double[] x) => Loss(Ranking).DiscriminatorLoss(
            Of(tensor(known).view(3, 2)), Of(tensor(x).view(2, 2))).item<double>();
        var features = tensor(made).view(2, 2).requires_grad_(true);
        Loss(Ranking).DiscriminatorLoss(Of(tensor(known).view(3, 2)), Of(features)).backward();
        var found = Numbers(features.grad!);
        for (var i = 0; i < made.Length; i++)
        {
            double At(double moved) => Value([.. made.Select((x, j) => j == i ? x + moved : x)]);
            Assert.That(found[i], Is.EqualTo((At(1e-5) - At(-1e-5)) / 2e-5).Within(1e-8));
        }
    }

    [Test]
    public void Features_are_needed([Values("ranking", "feature-matching")] string kind)
    {
        using var scope = NewDisposeScope();
        var bare = new DiscriminatorOutput(zeros(20, 1));
        Assert.That(() => Loss($$"""{"kind":"{{kind}}"}""").GeneratorLoss(bare, bare), Throws.TypeOf<RunFailedException>()
            .With.Message.EqualTo("A loss compares features of texts, but the discriminator shows none (DiscriminatorOutput.Features)."));
    }

    static readonly string[] Ensemble = ["""{"kind":"bag","name":"d","embedding":8,"hidden":9,"members":3}"""];

    /// <summary>The kinds that say so show features of all texts, of which the logits are a function; others show none.</summary>
    [TestCaseSource(typeof(DiscriminatorCases), nameof(All)), TestCaseSource(nameof(Ensemble))]
    public void Kinds_show_features(string json)
    {
        using var scope = NewDisposeScope();
        var output = Build(json).call(Hard());
        Assert.That(output.Features is not null, Is.EqualTo(Read(json).HasFeatures));
        if (output.Features is not { } features) return;
        Assert.That(features.shape[0], Is.EqualTo(4));
        Assert.That(features.shape[1], Is.GreaterThanOrEqualTo(8));
        Assert.That(output.Rows(1, 2).Features!.Equals(features.narrow(0, 1, 2)), Is.True);
        Assert.That(features.requires_grad, Is.True, "the loss must teach them");
    }
}
