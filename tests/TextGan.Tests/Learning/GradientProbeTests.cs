using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Learning;
using TextGan.Metrics;
using TextGan.Schedules;
using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>The metric "gradient-estimate" against enumeration and statistics of the tests' own.</summary>
public sealed class GradientProbeTests
{
    const int V = 4, T = 3, Start = 0, End = 0;

    static Judge JudgeOf(string name, Discriminator judge) =>
        new(name, judge, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException());

    static IReadOnlyDictionary<string, double> Evaluate(UpdateRule update, BigramGenerator generator, Judge[] judges, int estimates)
    {
        var request = new RolloutRequest(generator, judges, 16, T, Start, End, 0, 1, NeedsLogits: false);
        using var _ = no_grad(); // as in an evaluation
        return new GradientEstimateMetric(estimates).Evaluate(
            new EvaluationContext(generator, [], []) { Gradients = new GradientProbe(update, request, 1) });
    }

    static PolicyGradientUpdate Reinforce(Baseline baseline, params Baseline[] others) => new(new LogitReward(), new SequenceCredit(),
        new AdvantageCombination([baseline, .. others]), new TextGan.Learning.Updates.Losses.ReinforceLoss(),
        new RolloutCollector(new TextGan.Generators.Sampling.SamplingOptions(), null));

    [Test]
    public void Exact_gradients_are_those_of_another_enumeration()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var one = new TableDiscriminator(T, V, 2);
        using var other = new TableDiscriminator(T, V, 3);
        var request = new RolloutRequest(generator, [JudgeOf("a", one), JudgeOf("b", other)], 16, T, Start, End, 0, 1, NeedsLogits: false);
        using var pathwise = new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 1 });
        using var reinforce = Reinforce(new NoBaseline(), new NoBaseline());
        foreach (var (update, loss) in ((UpdateRule, Func<Tensor, Tensor>)[])[
            (pathwise, logits => (-logits).exp().log1p()), (reinforce, logits => -logits)])
        {
            using var off = no_grad();
            var found = new GradientProbe(update, request, 1).Exact();
            using var on = enable_grad();
            foreach (var (table, k) in new[] { (one, 0), (other, 1) })
            {
                var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => loss(table.forward(texts).SequenceLogits()));
                Assert.That(found[k].data<double>().ToArray(), Is.EqualTo(exact).Within(1e-5));
            }
        }
    }

    [Test]
    public void What_is_unbiased_shows_no_bias_and_what_is_not_does()
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        Judge[] judges = [JudgeOf("a", table), JudgeOf("c", new ConstantDiscriminator(0.5))];
        using var reinforce = Reinforce(new LeaveOneOutBaseline(), new LeaveOneOutBaseline());
        var unbiased = Evaluate(reinforce, generator, judges, 1500);
        TestContext.Out.WriteLine(string.Join(", ", unbiased.Select(one => $"{one.Key} {one.Value:G3}")));
        Assert.That(unbiased["gradient-a-bias"], Is.LessThan(1.5 * unbiased["gradient-a-noise"]));
        Assert.That(unbiased["gradient-a-scale"], Is.EqualTo(1).Within(0.1));
        Assert.That(unbiased["gradient-a-cosine"], Is.GreaterThan(0.98));
        Assert.That(unbiased["gradient-a-noise"], Is.EqualTo(Math.Sqrt(unbiased["gradient-a-variance"] / 1500)).Within(1e-9));
        Assert.That(unbiased["gradient-a-single"], Is.InRange(0.1, 0.95));
        Assert.That(unbiased["gradient-c-norm"], Is.EqualTo(0).Within(1e-6));
        Assert.That(unbiased["gradient-c-bias"], Is.NaN, "a constant has no gradient to compare with");
        using var pathwise = new PathwiseUpdate(Relaxation.StraightThrough, new ConstantScheduleOptions { Value = 1 });
        var biased = Evaluate(pathwise, generator, judges, 400);
        Assert.That(biased["gradient-a-bias"], Is.GreaterThan(3 * biased["gradient-a-noise"]));
        Assert.That(biased["gradient-a-cosine"], Is.LessThan(0.98));
    }

    /// <summary>Noise is subtracted: with few estimates the bias that is found is still that of many, not their noise.</summary>
    [Test]
    public void Values_agree_with_statistics_of_the_same_estimates()
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        using var update = new PathwiseUpdate(Relaxation.StraightThrough, new ConstantScheduleOptions { Value = 0.5 });
        var judge = JudgeOf("a", table);
        var found = Evaluate(update, generator, [judge], 50);
        var request = new RolloutRequest(generator, [judge], 16, T, Start, End, 0, 1, NeedsLogits: false);
        var exact = Enumeration.ExactGradient(generator, T, Start, End,
            texts => nn.functional.softplus(-table.forward(texts).SequenceLogits()));
        List<double[]> all = [];
        new GradientProbe(update, request, 1).Estimate(0, 50, one => all.Add(one[0].data<double>().ToArray()));
        static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
        double[] mean = [.. Enumerable.Range(0, V * V).Select(i => all.Average(one => one[i]))];
        var squared = Dot(exact, exact);
        var variance = all.Sum(one => one.Zip(mean, (a, b) => (a - b) * (a - b)).Sum()) / 49;
        Assert.That(found["gradient-a-variance"], Is.EqualTo(variance / squared).Within(1e-4));
        var bias = mean.Zip(exact, (a, b) => (a - b) * (a - b)).Sum() - variance / 50;
        Assert.That(found["gradient-a-bias"], Is.EqualTo(Math.Sqrt(Math.Max(0, bias) / squared)).Within(1e-4));
        Assert.That(found["gradient-a-scale"], Is.EqualTo(Dot(mean, exact) / squared).Within(1e-4));
        Assert.That(found["gradient-a-cosine"],
            Is.EqualTo(Dot(mean, exact) / Math.Sqrt(squared * (Dot(mean, mean) - variance / 50))).Within(1e-4));
        Assert.That(found["gradient-a-single"],
            Is.EqualTo(all.Average(one => Dot(one, exact) / Math.Sqrt(squared * Dot(one, one)))).Within(1e-4));
    }

    /// <summary>Of two noisy estimates the mean tells nothing of the direction, and none is claimed.</summary>
    [Test]
    public void A_direction_that_noise_hides_is_missing()
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        using var update = Reinforce(new NoBaseline());
        var hidden = 0;
        for (var seed = 1; seed <= 40; seed++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var request = new RolloutRequest(generator, [JudgeOf("a", table)], 2, T, Start, End, 0, 1, NeedsLogits: false);
            var found = new GradientEstimateMetric(2).Evaluate(
                new EvaluationContext(generator, [], []) { Gradients = new GradientProbe(update, request, seed) });
            if (double.IsNaN(found["gradient-a-cosine"])) hidden++;
            Assert.That(found["gradient-a-bias"], Is.Not.NaN);
        }
        Assert.That(hidden, Is.GreaterThan(3));
        Assert.That(new GradientEstimateMetric(2).WhyMissing("gradient-a-cosine"), Does.EndWith("take more estimates"));
    }

    [Test]
    public void What_is_learnt_meanwhile_is_forgotten()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        using var update = Reinforce(new CriticBaseline(V, 8, new TextGan.Optimizers.AdamOptions(), CPU));
        var (before, after) = (new StateBag(), new StateBag());
        update.Save(before);
        Evaluate(update, generator, [JudgeOf("a", table)], 20);
        update.Save(after);
        update.Estimate(new RolloutRequest(generator, [JudgeOf("a", table)], 16, T, Start, End, 0, 1, NeedsLogits: false));
        var learnt = new StateBag();
        update.Save(learnt);
        Assert.That(before.Tensors.Any(one => learnt.Tensors[one.Key].ne(one.Value).any().item<bool>()), "an estimate teaches the critic");
        Assert.That(after.Values.ToJsonString(), Is.EqualTo(before.Values.ToJsonString()));
        foreach (var (name, value) in before.Tensors)
            Assert.That(after.Tensors[name].to_type(float64).data<double>().ToArray(),
                Is.EqualTo(value.to_type(float64).data<double>().ToArray()), name);
    }
}
