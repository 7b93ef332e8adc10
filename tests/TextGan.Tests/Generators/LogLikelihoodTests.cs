using TextGan.Generators;
using TextGan.Tests.Learning;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

public sealed class LogLikelihoodTests
{
    /// <summary>Three tokens count in the first text, one in the second, none in the third.</summary>
    [TestCase(1.0, -2.0, -7.0)]
    [TestCase(0.0, -6.0, -7.0)]
    [TestCase(0.5, -3.4641016, -7.0)] // -6 / √3
    public void The_length_enters_by_a_power(double power, double first, double second)
    {
        using var scope = NewDisposeScope();
        var logs = tensor(new float[,] { { -1, -2, -3, -9 }, { -9, -7, -9, -9 }, { -9, -9, -9, -9 } });
        var counted = tensor(new float[,] { { 1, 1, 1, 0 }, { 0, 1, 0, 0 }, { 0, 0, 0, 0 } });
        Assert.That(Values(LogLikelihood.OfTexts(logs, counted, power)), Is.EqualTo(new[] { first, second, 0 }).Within(1e-6));
    }

    /// <summary>Of a model with a head (weights and bias, in pieces) and of one that only gives logits.</summary>
    [Test]
    public void The_temperature_divides_the_logits([Values("lstm", "tied", "transformer", "bigram")] string kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using Generator model = kind switch
        {
            "lstm" => new LstmGenerator(V, 5, 6, initialStandardDeviation: 1),
            "tied" => new LstmGenerator(V, 6, 6, tieEmbeddings: true, initialStandardDeviation: 1),
            "bigram" => new BigramGenerator(V, 3),
            _ => new TransformerGenerator(new TransformerShape(V, 8, 2, 2, 1, 12), initialStandardDeviation: 0.5),
        };
        var logits = model.forward(TeacherForcing.Inputs(Ids(), 2)); // [B,T,V]
        foreach (var temperature in (double[])[1, 0.7, 3])
        {
            var expected = nn.functional.log_softmax(logits / temperature, 2).gather(2, Ids().unsqueeze(2)).squeeze(2);
            var found = LogLikelihood.OfTokens(model, Ids(), 2, temperature);
            Assert.That(MaxDifference(found, expected), Is.LessThan(1e-5), $"{temperature}");
        }
        Assert.That(MaxDifference(LogLikelihood.OfTokens(model, Ids(), 2, 3), LogLikelihood.OfTokens(model, Ids(), 2)),
            Is.GreaterThan(0.05), "the temperature matters");
    }

    /// <summary>Σ_x p(x) = 1 over all texts of three tokens, at any temperature.</summary>
    [Test]
    public void Probabilities_of_all_texts_sum_to_one()
    {
        using var scope = NewDisposeScope();
        using var model = new BigramGenerator(3, 3);
        var all = tensor(Enumerable.Range(0, 27).SelectMany(i => new long[] { i / 9, i / 3 % 3, i % 3 }).ToArray(), [27, 3], int64);
        var sums = LogLikelihood.OfTexts(LogLikelihood.OfTokens(model, all, 0, 0.5), ones(27, 3), lengthPower: 0);
        Assert.That(sums.exp().sum().item<float>(), Is.EqualTo(1).Within(1e-5));
    }
}
