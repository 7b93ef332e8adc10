using TextGan.Metrics.Judges;

namespace TextGan.Tests.Metrics.Judges;

public class NGramLogisticRegressionTests
{
    static readonly (string Chosen, string Rejected)[] Pairs =
        [("Good day, friend!", "go away"), ("a good friend", "a bad friend"), ("stay, friend", "stay away"), ("good!", "bad!")];

    [Test]
    public void A_text_is_its_words_marks_and_neighbours_in_lower_case_once_each()
    {
        var features = new NGramFeatures(["Good, good day"]);
        Assert.That(features.Count, Is.EqualTo(6)); // good , "good ," ", good" day "good day"
        Assert.That(features.Of("good day day, unknown"), Is.EqualTo(new[] { 0, 1, 4, 5 }));
    }

    [Test]
    public void The_gradient_is_that_of_finite_differences()
    {
        (int, double)[][] examples = [[(0, 1), (2, 1)], [(1, -1), (2, -1)], [(0, -1), (1, 1)]];
        var loss = new LogisticLoss(examples, 0.7);
        double[] point = [0.3, -1.2, 2.5];
        var (gradient, unused) = (new double[3], new double[3]);
        loss.Evaluate(point, gradient);
        for (var k = 0; k < 3; k++)
        {
            const double h = 1e-6;
            double At(double offset) =>
                loss.Evaluate([.. point.Select((entry, i) => i == k ? entry + offset : entry)], unused);
            Assert.That(gradient[k], Is.EqualTo((At(h) - At(-h)) / (2 * h)).Within(1e-8));
        }
    }

    [Test]
    public void Far_from_the_optimum_nothing_overflows()
    {
        var gradient = new double[2];
        var value = new LogisticLoss([[(0, 1)]], penalty: 0).Evaluate([-5000, 0], gradient);
        Assert.Multiple(() =>
        {
            Assert.That(value, Is.EqualTo(5000)); // ln(1 + e^5000)
            Assert.That(gradient[0], Is.EqualTo(-1));
        });
    }

    /// <summary>
    /// Two texts of one word each: by symmetry the words' weights are w and -w and the constant 0, where 2 σ(-w) = 2 λ w, which bisection
    /// solves.
    /// </summary>
    [TestCase(1.0)]
    [TestCase(0.1)]
    public void Of_two_words_the_weights_solve_the_equation_of_the_optimum(double penalty)
    {
        var (low, high) = (0.0, 20.0);
        while (high - low > 1e-12)
        {
            var w = (low + high) / 2;
            if (1 / (1 + Math.Exp(w)) > penalty * w) low = w;
            else high = w;
        }
        var judge = NGramLogisticRegression.Fit(["good"], ["bad"], penalty);
        Assert.Multiple(() =>
        {
            Assert.That(judge.Score("good"), Is.EqualTo(low).Within(1e-4));
            Assert.That(judge.Score("bad"), Is.EqualTo(-low).Within(1e-4));
            Assert.That(judge.Score("unknown"), Is.EqualTo(0).Within(1e-4));
        });
    }

    [Test]
    public void The_optimum_is_that_of_plain_gradient_descent()
    {
        var features = new NGramFeatures(Pairs.SelectMany(pair => (string[])[pair.Chosen, pair.Rejected]));
        double[][] rows = [.. Pairs.Select(pair => Enumerable.Range(0, features.Count).Select(k =>
            (features.Of(pair.Chosen).Contains(k) ? 1.0 : 0) - (features.Of(pair.Rejected).Contains(k) ? 1 : 0)).ToArray())];
        var weights = new double[features.Count];
        for (var step = 0; step < 20_000; step++)
        {
            var gradient = weights.Select(w => 0.5 * w).ToArray();
            foreach (var row in rows)
            {
                var wrong = 1 / (1 + Math.Exp(row.Zip(weights, (x, w) => x * w).Sum()));
                for (var k = 0; k < weights.Length; k++) gradient[k] -= wrong * row[k];
            }
            for (var k = 0; k < weights.Length; k++) weights[k] -= 0.05 * gradient[k];
        }
        var judge = NGramLogisticRegression.FitPairs(Pairs, penalty: 0.5);
        foreach (var text in (string[])["good", "a good friend", "go away", "stay, friend!", ""])
            Assert.That(judge.Score(text), Is.EqualTo(features.Of(text).Sum(k => weights[k])).Within(1e-4), text);
    }

    [Test]
    public void The_same_texts_give_the_same_bits()
    {
        var (one, other) = (NGramLogisticRegression.FitPairs(Pairs), NGramLogisticRegression.FitPairs(Pairs));
        foreach (var (chosen, rejected) in Pairs)
        {
            Assert.That(BitConverter.DoubleToInt64Bits(one.Score(chosen)),
                Is.EqualTo(BitConverter.DoubleToInt64Bits(other.Score(chosen))));
            Assert.That(one.Score(chosen), Is.GreaterThan(one.Score(rejected)));
        }
    }
}
