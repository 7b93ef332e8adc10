using TextGan.Learning.Objectives.Combiners;
using TextGan.Storage;

namespace TextGan.Tests.Learning.Objectives.Combiners;

/// <summary>Combiners that weigh the discriminators' gradients by their inner products.</summary>
public sealed class InnerProductCombinerTests
{
    static Dictionary<string, double> Named(params double[] weights) =>
        weights.Select((weight, k) => ($"{k}", weight)).Append(("kl", 0.25)).ToDictionary();

    /// <summary>
    /// The discriminators' weights and the combined gradient, less that of a regulariser with the gradient (100, ...) and the weight ¼.
    /// </summary>
    static (double[] Weights, double[] Gradient) Combined(Combiner combiner, double[][] gradients, double[]? losses = null,
        bool isFirstPass = true)
    {
        var size = gradients[0].Length;
        using var terms = new LinearTerms(size);
        for (var k = 0; k < gradients.Length; k++) terms.With($"{k}", losses?[k] ?? 1, gradients[k]);
        terms.With("kl", null, [.. Enumerable.Repeat(100.0, size)]);
        var weights = combiner.Combine(terms.Terms(isFirstPass), 0);
        Assert.That(weights[^1], Is.EqualTo(0.25), "a regulariser keeps its weight");
        double[] rest = [.. terms.Gradient.Select(g => g - 25)];
        Assert.That(rest, Is.EqualTo(Sum([.. weights.Take(gradients.Length)], gradients)).Within(1e-4), "the weights are those used");
        return ([.. weights.Take(gradients.Length)], rest);
    }

    static double[] Sum(double[] weights, double[][] gradients) =>
        [.. Enumerable.Range(0, gradients[0].Length).Select(i => weights.Select((weight, k) => weight * gradients[k][i]).Sum())];

    static double Dot(double[] one, double[] other) => one.Zip(other, (a, b) => a * b).Sum();

    static double[][] Random(int seed, int count, int size)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
            Enumerable.Range(0, size).Select(_ => (double)(float)(random.NextDouble() * 2 - 1)).ToArray())];
    }

    static IEnumerable<TestCaseData> MgdaCases()
    {
        // ‖(2a, 1 - a)‖² = 4a² + (1 - a)² is least at a = 0.2.
        yield return Of("orthogonal", [[2, 0], [0, 1]], [1, 1], [0.2, 0.8]);
        // The same gradients, of which the first is half as long with twice the weight.
        yield return Of("weighted", [[1, 0], [0, 1]], [2, 1], [0.4, 0.8]);
        // Between (1,1) and (3,1) nothing is shorter than the first.
        yield return Of("one covers the other", [[1, 1], [3, 1]], [1, 1], [1, 0]);
        yield return Of("opposite", [[2, 0], [-1, 0]], [1, 1], [1 / 3.0, 2 / 3.0]);
        // A control and a weight of 0 would make the shortest gradient 0.
        yield return Of("no gradient", [[2, 0], [0, 0], [0, 1], [-1, -1]], [1, 1, 1, 0], [0.2, 0, 0.8, 0]);

        static TestCaseData Of(string name, double[][] gradients, double[] weights, double[] expected) =>
            new TestCaseData(gradients, weights, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(MgdaCases))]
    public void Mgda(double[][] gradients, double[] weights, double[] expected) =>
        Assert.That(Combined(new MgdaCombiner(Named(weights)), gradients).Weights, Is.EqualTo(expected).Within(1e-6));

    /// <summary>Against all weights in steps of 1/100; and no gradient disagrees with the result.</summary>
    [Test]
    public void Mgda_is_the_shortest_of_all([Range(0, 9)] int seed)
    {
        var gradients = Random(seed, 3, 4);
        var (weights, found) = Combined(new MgdaCombiner(Named(1, 1, 1)), gradients);
        Assert.That((weights.Sum(), weights.Min() >= 0), Is.EqualTo((1.0, true)).Using<double>((a, b) => Math.Abs(a - b) < 1e-9 ? 0 : 1));
        var shortest = double.MaxValue;
        for (var a = 0; a <= 100; a++)
            for (var b = 0; a + b <= 100; b++)
            {
                var mixed = Sum([a / 100.0, b / 100.0, (100 - a - b) / 100.0], gradients);
                shortest = Math.Min(shortest, Dot(mixed, mixed));
            }
        Assert.That(Dot(found, found), Is.InRange(shortest - 0.002, shortest + 1e-5));
        foreach (var gradient in gradients) Assert.That(Dot(gradient, found), Is.GreaterThan(Dot(found, found) - 1e-4));
    }

    /// <summary>By symmetry x = (½, ½), so that g_x is g_0 and d = (1 + c) g_0.</summary>
    [TestCase(0, 0.5)]
    [TestCase(0.5, 0.75)]
    public void Cagrad(double c, double expected) =>
        Assert.That(Combined(new CaGradCombiner(Named(1, 1), c), [[1, 0], [0, 1]]).Weights,
            Is.EqualTo(new[] { expected, expected }).Within(1e-6));

    /// <summary>(2,0) + (0,1) with the weights ½ and 2 are (1,0) + (0,2): the result is as of these.</summary>
    [Test]
    public void Cagrad_scales_gradients_by_their_weights()
    {
        var plain = Combined(new CaGradCombiner(Named(1, 1), 0.5), [[1, 0], [0, 2]]);
        var weighted = Combined(new CaGradCombiner(Named(0.5, 2), 0.5), [[2, 0], [0, 1]]);
        Assert.That(weighted.Gradient, Is.EqualTo(plain.Gradient).Within(1e-5));
        Assert.That(weighted.Weights, Is.EqualTo(new[] { plain.Weights[0] * 0.5, plain.Weights[1] * 2 }).Within(1e-6));
    }

    /// <summary>Without its dual: the best of all d in steps within the circle around g_0, in two dimensions.</summary>
    [Test]
    public void Cagrad_is_the_best_in_the_circle([Range(0, 9)] int seed, [Values(0.2, 0.7)] double c)
    {
        var gradients = Random(seed, 3, 2);
        var mean = Sum([1 / 3.0, 1 / 3.0, 1 / 3.0], gradients);
        var radius = c * Math.Sqrt(Dot(mean, mean));
        double Worst(double[] d) => gradients.Min(gradient => Dot(gradient, d));
        var best = double.MinValue;
        for (var step = 0; step <= 50; step++)
            for (var angle = 0; angle < 1440; angle++)
            {
                var (sin, cos) = Math.SinCos(angle * Math.PI / 720);
                best = Math.Max(best, Worst([mean[0] + step / 50.0 * radius * cos, mean[1] + step / 50.0 * radius * sin]));
            }
        var (_, found) = Combined(new CaGradCombiner(Named(1, 1, 1), c), gradients);
        Assert.That(Worst(found), Is.InRange(best - 1e-4, best + 0.01));
        double[] away = [found[0] - mean[0], found[1] - mean[1]];
        Assert.That(Math.Sqrt(Dot(away, away)), Is.LessThan(radius + 1e-4));
    }

    [Test]
    public void Cagrad_without_c_is_the_mean_gradient() =>
        Assert.That(Combined(new CaGradCombiner(Named(1, 1, 1), 0), Random(3, 3, 5)).Weights,
            Is.EqualTo(new[] { 1, 1, 1 }.Select(one => one / 3.0)).Within(1e-9));

    /// <summary>
    /// Norms of 3 and 1 should both be 2: log v loses 0.1 · 3/2 and gains 0.1 · 1/2. Configured weights do not change what is learnt.
    /// </summary>
    [Test]
    public void Gradnorm_takes_a_step_after_each_rollout([Values(1, 4)] double weight)
    {
        double[][] gradients = [[3, 0], [0, -1]];
        using var combiner = new GradNormCombiner(Named(weight, 1), alpha: 0, learningRate: 0.1);
        Assert.That(Combined(combiner, gradients).Weights, Is.EqualTo(new[] { weight, 1 }));
        var (first, second) = (Math.Exp(-0.15), Math.Exp(0.05));
        double[] expected = [weight * 2 * first / (first + second), 2 * second / (first + second)];
        Assert.That(Combined(combiner, gradients, isFirstPass: false).Weights, Is.EqualTo(expected).Within(1e-6));
        Assert.That(Combined(combiner, gradients).Weights, Is.EqualTo(expected).Within(1e-6), "a later pass has learnt nothing");
    }

    /// <summary>
    /// Norms of 1 are as they should be at the first losses. Then one is halved: shares 1 and ½ of a mean of ¾, so that the norms should be
    /// 4/3 and 2/3; both are 1.
    /// </summary>
    [Test]
    public void Gradnorm_favours_the_slow()
    {
        double[][] gradients = [[1, 0], [0, 1]];
        using var combiner = new GradNormCombiner(Named(1, 1), alpha: 1, learningRate: 0.1);
        foreach (var loss in (double[])[8, 4])
            Assert.That(Combined(combiner, gradients, [5, loss]).Weights, Is.EqualTo(new[] { 1.0, 1 }).Within(1e-6));
        var sum = Math.Exp(0.1) + Math.Exp(-0.1);
        Assert.That(Combined(combiner, gradients, [5, 4]).Weights,
            Is.EqualTo(new[] { 2 * Math.Exp(0.1) / sum, 2 * Math.Exp(-0.1) / sum }).Within(1e-6));
    }

    /// <summary>Equal norms of (3,0) and (0,1) with weights of the sum 2 are ½ · 3 and 3/2 · 1.</summary>
    [Test]
    public void Gradnorm_balances_norms()
    {
        using var combiner = new GradNormCombiner(Named(1, 1), alpha: 0, learningRate: 0.01);
        for (var i = 0; i < 200; i++) Combined(combiner, [[3, 0], [0, 1]]);
        Assert.That(Combined(combiner, [[3, 0], [0, 1]]).Weights, Is.EqualTo(new[] { 0.5, 1.5 }).Within(0.03));
    }

    [Test]
    public void What_gradnorm_learns_is_saved()
    {
        using GradNormCombiner one = new(Named(1, 1), 1.5, 0.1), other = new(Named(1, 1), 1.5, 0.1);
        double[][] gradients = [[3, 0], [0, 1]];
        var random = new Random(4);
        double[] Next(GradNormCombiner combiner, double loss) => Combined(combiner, gradients, [loss, 1]).Weights;
        for (var i = 0; i < 5; i++) Next(one, random.NextDouble());
        var bag = new StateBag();
        one.Save(bag);
        other.Load(bag);
        for (var i = 0; i < 3; i++)
        {
            var loss = random.NextDouble();
            Assert.That(Next(other, loss), Is.EqualTo(Next(one, loss)));
        }
    }

    [Test]
    public void A_gradient_that_is_not_finite_stays_so()
    {
        double[][] gradients = [[double.NaN, 0], [0, 1]];
        foreach (var combiner in (InnerProductCombiner[])
            [new MgdaCombiner(Named(1, 1)), new CaGradCombiner(Named(1, 1), 0.5), new GradNormCombiner(Named(1, 1), 1, 0.1)])
        {
            using var terms = new LinearTerms(2).With("0", 1, gradients[0]).With("1", 1, gradients[1]);
            combiner.Combine(terms.Terms(), 0);
            Assert.That(terms.Gradient, Has.Some.NaN);
            combiner.Dispose();
        }
    }
}
