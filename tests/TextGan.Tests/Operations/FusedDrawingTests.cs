using TextGan.Generators;
using TextGan.Generators.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>Drawing without a table of logits agrees with drawing from one.</summary>
public class FusedDrawingTests
{
    const int Vocabulary = 1000, Hidden = 24;

    static LstmGenerator Model(double deviation = 0.5)
    {
        manual_seed(1);
        return new LstmGenerator(Vocabulary, 8, Hidden, initialStandardDeviation: deviation);
    }

    [TestCase(1.0, 0.5)]
    [TestCase(0.7, 0.5)]
    [TestCase(2.5, 1.0)]
    [TestCase(1.0, 300.0)] // logits in the thousands
    public void The_same_uniform_numbers_give_the_same_tokens(double temperature, double deviation)
    {
        using var scope = NewDisposeScope();
        using var generator = Model(deviation);
        var (hidden, uniform) = (randn(501, Hidden), rand(501, 3));
        var drawer = new TokenDrawer(temperature);
        var fused = drawer.Draw(generator, hidden, uniform);
        DrawnTokens plain;
        using (OperationMode.Plain()) plain = drawer.Draw(generator, hidden, uniform);

        // Numbers within rounding of the border between two tokens may fall on either side.
        Assert.That(fused.Tokens.eq(plain.Tokens).sum().item<long>(), Is.GreaterThanOrEqualTo(1503 - 3));
        var log = (generator.Logits(hidden).to_type(float64) / temperature).log_softmax(1).gather(1, fused.Tokens);
        Assert.That((log - fused.LogProbabilities).abs().max().item<double>(), Is.LessThan(deviation > 100 ? 5e-3 : 2e-5));
    }

    [Test]
    public void Draws_follow_the_distribution()
    {
        using var scope = NewDisposeScope();
        using var generator = Model();
        const int Draws = 400_000;
        var hidden = randn(1, Hidden);
        var drawn = new TokenDrawer().Draw(generator, hidden, rand(1, Draws)).Tokens.flatten();
        var counts = drawn.bincount(null, minlength: Vocabulary).to_type(float64);
        var expected = generator.Logits(hidden)[0].to_type(float64).softmax(0) * Draws;

        // Pearson's chi-square over tokens that are expected often enough, the others as one; mean df, variance 2·df.
        var often = expected.ge(10);
        var (rareSeen, rareExpected) = (counts[often.logical_not()].sum(), expected[often.logical_not()].sum());
        var cells = ((counts - expected).square() / expected)[often].sum()
            + (rareSeen - rareExpected).square() / rareExpected.clamp_min(1e-9);
        var freedom = often.sum().item<long>();
        Assert.That(freedom, Is.GreaterThan(100));
        Assert.That(cells.item<double>(), Is.LessThan(freedom + 5 * Math.Sqrt(2.0 * freedom)));
    }

    [Test]
    public void What_has_no_probability_is_never_drawn()
    {
        using var scope = NewDisposeScope();
        using var generator = Model();
        using var gradients = no_grad();
        var allowed = tensor(new long[] { 70, 640, 999 }); // two panels in which nothing else may be drawn, and the last token
        var bias = full(Vocabulary, double.NegativeInfinity);
        bias.index_fill_(0, allowed, 0);
        generator.get_parameter("head.bias")!.copy_(bias);
        var uniform = cat([zeros(200, 1), full([200, 1], 1 - 1.0 / (1 << 24)), rand(200, 30)], 1);
        var drawn = new TokenDrawer().Draw(generator, randn(200, Hidden), uniform);
        Assert.That(drawn.Tokens.data<long>().Distinct().Order(), Is.EqualTo(new long[] { 70, 640, 999 }));
        Assert.That(drawn.LogProbabilities.isfinite().all().item<bool>());
    }

    [Test]
    public void Logits_that_are_no_numbers_give_tokens_of_the_vocabulary()
    {
        using var scope = NewDisposeScope();
        using var generator = Model();
        var drawn = new TokenDrawer().Draw(generator, full([5, Hidden], double.NaN), rand(5, 2));
        Assert.That(drawn.Tokens.ge(0).logical_and(drawn.Tokens.lt(Vocabulary)).all().item<bool>());
    }

    [Test]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        using var scope = NewDisposeScope();
        using var generator = Model();
        var threads = get_num_threads();
        Samples Draw(int count)
        {
            set_num_threads(count);
            manual_seed(3);
            return Sampler.Sample(generator, new SamplingOptions(), 150, 12, 0, endId: 5);
        }
        try
        {
            var (one, three) = (Draw(1), Draw(3));
            Assert.That(one.Tokens.Ids.eq(three.Tokens.Ids).all().item<bool>());
            Assert.That(one.LogProbabilities.eq(three.LogProbabilities).all().item<bool>());
        }
        finally { set_num_threads(threads); }
    }

    [Test]
    public void Samples_carry_the_likelihood_of_the_model()
    {
        using var scope = NewDisposeScope();
        using var generator = Model();
        using var gradients = no_grad();
        var samples = Sampler.Sample(generator, new SamplingOptions(), 40, 15, 0, endId: null);
        var log = TeacherForcing.LogProbabilities(generator, samples.Tokens.Ids, 0); // by LibTorch's LSTM and a whole softmax
        Assert.That((log - samples.LogProbabilities).abs().max().item<float>(), Is.LessThan(5e-5f));
    }
}
