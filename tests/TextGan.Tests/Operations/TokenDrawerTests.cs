using TextGan.Tests.Generators;
using TextGan.Tests.Generators.Sampling;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>What both ways of drawing must do: the loop for main memory and the tensor operations for other devices.</summary>
[TestFixture(false, TestName = "TokenDrawerTests(loop)")]
[TestFixture(true, TestName = "TokenDrawerTests(tensors)")]
public sealed class TokenDrawerTests(bool byTensors)
{
    /// <summary>The largest float below 1.</summary>
    const float AlmostOne = 1 - 1f / (1 << 24);

    IDisposable? mode;

    [SetUp]
    public void Choose() => mode = byTensors ? OperationMode.Plain() : null;

    [TearDown]
    public void Restore() => mode?.Dispose();

    static TokenDrawer Drawer(double temperature = 1, int topK = 0, double topP = 1) => new(temperature, topK, topP);

    /// <summary>What draws on accelerators.</summary>
    [Test]
    public void A_race_follows_the_probabilities([Values(3, 16, 300)] int vocabulary)
    {
        using var scope = NewDisposeScope();
        manual_seed(vocabulary);
        var logits = 1.5 * randn(2, vocabulary);
        logits[1, 0] = double.NegativeInfinity;
        var races = TokenDrawer.Race(logits.softmax(1).repeat_interleave(20_000, 0)); // [40,000,1]
        var drawn = new DrawnTokens(races.Tokens.view(2, 20_000), races.LogProbabilities.view(2, 20_000));
        for (var row = 0; row < 2; row++)
        {
            var expected = Softmax(logits[row], 1);
            ChiSquare.AssertFits(Counts(drawn.Tokens[row], vocabulary), expected, $"V={vocabulary}, row {row}");
            AssertLogProbabilities(drawn, row, expected);
        }
        Assert.That(drawn.Tokens[1].eq(0).any().item<bool>(), Is.False, "a token of probability 0");
    }

    /// <summary>Sizes below and above a vector, a block of 256, and none a multiple of either.</summary>
    [Test]
    public void DrawsFollowTheSoftmax([Values(2, 7, 16, 300, 1003)] int vocabulary, [Values(1.0, 0.5, 2.5)] double temperature)
    {
        using var scope = NewDisposeScope();
        manual_seed(vocabulary);
        const int rows = 2, draws = 60_000;
        var logits = 1.5 * randn(rows, vocabulary);
        var drawn = Drawer(temperature).Draw(logits, rand(rows, draws));
        for (var row = 0; row < rows; row++)
        {
            var expected = Softmax(logits[row], temperature);
            ChiSquare.AssertFits(Counts(drawn.Tokens[row], vocabulary), expected, $"V={vocabulary}, T={temperature}, row {row}");
            AssertLogProbabilities(drawn, row, expected);
        }
    }

    /// <summary>
    /// A uniform number in the middle of a token's share of the distribution function gives that token. (With top-p, tensor operations have
    /// tokens in the order of probability.)
    /// </summary>
    [Test]
    public void EachTokenHasItsPlaceInTheDistributionFunction([Values(3, 40, 700)] int vocabulary, [Values] bool truncated)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var logits = 2 * randn(3, vocabulary);
        // Tensor operations sort for top-p, so that tokens have other places there.
        var sorts = !TextGan.Operations.Cpu.CpuLoop.SupportsCopy(logits);
        var (topK, topP) = truncated ? (Math.Max(2, vocabulary / 2), sorts ? 1 : 0.9) : (0, 1);
        for (var row = 0; row < 3; row++)
        {
            var kept = Truncate(Softmax(logits[row], 0.8), topK, topP);
            var (below, numbers, tokens) = (0.0, new List<float>(), new List<long>());
            for (var token = 0; token < vocabulary; token++)
            {
                if (kept[token] > 1e-4) (numbers, tokens) = ([.. numbers, (float)(below + kept[token] / 2)], [.. tokens, token]);
                below += kept[token];
            }
            var drawn = Drawer(0.8, topK, topP).Draw(logits[row].unsqueeze(0), tensor(numbers.ToArray()).unsqueeze(0));
            Assert.That(drawn.Tokens.data<long>().ToArray(), Is.EqualTo(tokens), $"row {row}");
        }
    }

    [Test]
    public void TopKKeepsTheKMostProbable([Values(1, 2, 5, 19, 20, 50)] int k)
    {
        using var scope = NewDisposeScope();
        manual_seed(k);
        var logits = 0.5 * randn(1, 20);
        var expected = Truncate(Softmax(logits[0], 1), k, 1);
        var drawn = Drawer(topK: k).Draw(logits, rand(1, 40_000));
        Assert.That(Set(drawn), Is.EqualTo(Support(expected)));
        if (k > 1) ChiSquare.AssertFits(Counts(drawn.Tokens[0], 20), expected, $"top {k}");
        AssertLogProbabilities(drawn, 0, expected);
    }

    /// <summary>Probabilities .4 .3 .2 .1: where p lies on a sum of them or just beyond, and both ends.</summary>
    [TestCase(0.0, new long[] { 2 })]
    [TestCase(0.39, new long[] { 2 })]
    [TestCase(0.41, new long[] { 0, 2 })]
    [TestCase(0.69, new long[] { 0, 2 })]
    [TestCase(0.71, new long[] { 0, 2, 3 })]
    [TestCase(0.89, new long[] { 0, 2, 3 })]
    [TestCase(0.91, new long[] { 0, 1, 2, 3 })]
    [TestCase(1.0, new long[] { 0, 1, 2, 3 })]
    public void TopPKeepsTheFewestThatReachIt(double p, long[] kept)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var shares = new[] { 0.3, 0.1, 0.4, 0.2 };
        var logits = tensor(shares.Select(share => (float)Math.Log(share)).ToArray()).unsqueeze(0);
        var drawn = Drawer(topP: p).Draw(logits, rand(1, 20_000));
        Assert.That(Set(drawn), Is.EqualTo(kept));
        double[] expected = [.. shares.Select((share, token) => kept.Contains(token) ? share / kept.Sum(k => shares[k]) : 0)];
        if (kept.Length > 1) ChiSquare.AssertFits(Counts(drawn.Tokens[0], 4), expected, $"p={p}");
        AssertLogProbabilities(drawn, 0, expected);
    }

    [Test]
    public void TemperatureTopKAndTopPWorkTogether()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var logits = randn(5, 400);
        var drawn = Drawer(0.7, 50, 0.8).Draw(logits, rand(5, 30_000));
        for (var row = 0; row < 5; row++)
        {
            // First the temperature, then k tokens, then p of what these have together.
            var expected = Truncate(Softmax(logits[row], 0.7), 50, 0.8);
            Assert.That(Support(expected).Length, Is.InRange(5, 49), "the nucleus is what cuts here");
            Assert.That(Set(drawn, row), Is.EqualTo(Support(expected)));
            ChiSquare.AssertFits(Counts(drawn.Tokens[row], 400), expected, $"row {row}");
            AssertLogProbabilities(drawn, row, expected);
        }
    }

    [Test]
    public void OfEqualTokensTheFirstAreKept()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var logits = tensor(new float[] { 1, 2, 1, 1, 2, 1, 0 }).unsqueeze(0);
        var uniform = rand(1, 5000);
        Assert.That(Set(Drawer(topK: 1).Draw(logits, uniform)), Is.EqualTo(new long[] { 1 }));
        Assert.That(Set(Drawer(topK: 4).Draw(logits, uniform)), Is.EqualTo(new long[] { 0, 1, 2, 4 }),
            "both of 2, then the first two of 1");
        var level = zeros(1, 10);
        Assert.That(Set(Drawer(topK: 3).Draw(level, uniform)), Is.EqualTo(new long[] { 0, 1, 2 }));
        Assert.That(Set(Drawer(topP: 0.35).Draw(level, uniform)), Is.EqualTo(new long[] { 0, 1, 2, 3 }));
    }

    [Test]
    public void WhatIsImpossibleIsNeverDrawn()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        const float never = float.NegativeInfinity;
        var uniform = cat([tensor(new[] { 0f, float.Epsilon, 0.5f, AlmostOne }), rand(5000)]).unsqueeze(0);
        // At the front, between, at the end; and what rounds to 0.
        Assert.That(Set(Drawer().Draw(tensor(new[] { never, never, 0f, never, -200f, 1f, never }).unsqueeze(0), uniform)),
            Is.EqualTo(new long[] { 2, 5 }));
        Assert.That(Set(Drawer().Draw(tensor(new[] { -1000f, 3f, -1000f }).unsqueeze(0), uniform)), Is.EqualTo(new long[] { 1 }));
        Assert.That(Set(Drawer(topK: 5, topP: 0.99)
            .Draw(tensor(new[] { never, 0f, never, 0f, never, never, never }).unsqueeze(0), uniform)), Is.EqualTo(new long[] { 1, 3 }));
        // In blocks of their own, so that whole blocks have no weight.
        var sparse = full(1, 2000, never);
        sparse[0, 700] = 1;
        sparse[0, 900] = 1;
        foreach (var drawer in new[] { Drawer(), Drawer(topK: 3), Drawer(topP: 0.9) })
        {
            var drawn = drawer.Draw(sparse, uniform);
            Assert.That(Set(drawn), Is.EqualTo(new long[] { 700, 900 }));
            Assert.That(drawn.LogProbabilities.sub(Math.Log(0.5)).abs().max().item<float>(), Is.LessThan(1e-6));
        }
    }

    [Test]
    public void GreedyTakesTheFirstOfTheMostProbable()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,] { { 0, 3, 3, 1, -1 }, { 5, 4, 5, 5, 5 }, { -9, -8, -7, -6, -5 } });
        var drawer = Drawer(temperature: 0, topK: 3, topP: 0.5);
        Assert.That(drawer.NeedsUniform, Is.False);
        var drawn = drawer.Draw(logits, zeros(3, 2));
        Assert.That(drawn.Tokens.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 1, 0, 0, 4, 4 }));
        Assert.That(drawn.LogProbabilities.data<float>().ToArray(), Is.All.Zero);
        // In a row longer than a vector, ahead of, within and behind the last whole one.
        foreach (var place in new[] { 0, 17, 63, 64, 66 })
        {
            var row = zeros(1, 67);
            row[0, place] = 2;
            Assert.That(drawer.Draw(row, zeros(1, 1)).Tokens.item<long>(), Is.EqualTo(place));
        }
    }

    /// <summary>1/T is no float any more, T itself perhaps not either.</summary>
    [TestCase(1e-4)]
    [TestCase(1e-20)]
    [TestCase(1e-39)]
    [TestCase(1e-300)]
    public void AVerySmallTemperatureDrawsTheMostProbable(double temperature)
    {
        using var scope = NewDisposeScope();
        var drawn = Drawer(temperature)
            .Draw(tensor(new float[,] { { 10, 30, 20 }, { -3, -5, -1 } }), tensor(new[,] { { 0f, AlmostOne }, { 0f, AlmostOne } }));
        Assert.That(drawn.Tokens.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 1, 2, 2 }));
        Assert.That(drawn.LogProbabilities.data<float>().ToArray(), Is.All.Zero);
    }

    [Test]
    public void LargeLogitsDoNotOverflow()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var drawn = Drawer().Draw(tensor(new float[,] { { 1e30f, 1e30f, -1e30f } }), rand(1, 2000));
        Assert.That(Set(drawn), Is.EqualTo(new long[] { 0, 1 }));
        Assert.That(drawn.LogProbabilities.sub(Math.Log(0.5)).abs().max().item<float>(), Is.LessThan(1e-6));
    }

    [Test]
    public void RowsThatAreNotContiguousAreReadRight()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var logits = randn(30, 50);
        var uniform = rand(4, 30);
        var (turned, straight) = (Drawer().Draw(logits.t().contiguous().t(), uniform.t()), Drawer().Draw(logits, uniform.t().contiguous()));
        Assert.That(turned.Tokens.eq(straight.Tokens).all().item<bool>());
        Assert.That(turned.Tokens.shape, Is.EqualTo(new long[] { 30, 4 }));
    }

    /// <summary>Large enough to be shared between threads: each row is its own.</summary>
    [Test]
    public void ManyRowsAreDrawnAsOneIs()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (logits, uniform) = (randn(97, 900), rand(97, 3));
        var drawer = Drawer(0.9, 100);
        var together = drawer.Draw(logits, uniform);
        for (var row = 0; row < 97; row++)
        {
            var alone = drawer.Draw(logits.narrow(0, row, 1), uniform.narrow(0, row, 1));
            Assert.That(alone.Tokens.eq(together.Tokens.narrow(0, row, 1)).all().item<bool>(), $"row {row}");
            Assert.That(alone.LogProbabilities.eq(together.LogProbabilities.narrow(0, row, 1)).all().item<bool>(), $"row {row}");
        }
    }

    static double[] Softmax(Tensor logits, double temperature)
    {
        double[] weights = [.. GeneratorCases.Doubles(logits).Select(logit => Math.Exp(logit / temperature))];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    /// <summary>The definition: sort, cut after k, then where p of the rest is reached, and scale.</summary>
    static double[] Truncate(double[] probabilities, int topK, double topP)
    {
        var order = Enumerable.Range(0, probabilities.Length).OrderByDescending(token => probabilities[token]).ToList();
        if (topK > 0 && topK < order.Count) order = order[..topK];
        var (whole, reached) = (order.Sum(token => probabilities[token]), 0.0);
        var kept = new HashSet<int>();
        foreach (var token in order)
        {
            kept.Add(token);
            if ((reached += probabilities[token]) >= topP * whole && topP < 1) break;
        }
        return [.. probabilities.Select((p, token) => kept.Contains(token) ? p / kept.Sum(k => probabilities[k]) : 0)];
    }

    static long[] Support(double[] probabilities) =>
        [.. Enumerable.Range(0, probabilities.Length).Where(token => probabilities[token] > 0).Select(token => (long)token)];

    static long[] Set(DrawnTokens drawn, int row = 0) => [.. drawn.Tokens[row].data<long>().ToArray().Distinct().Order()];

    static long[] Counts(Tensor tokens, int vocabulary) => tokens.bincount(null, minlength: vocabulary).data<long>().ToArray();

    static void AssertLogProbabilities(DrawnTokens drawn, int row, double[] probabilities)
    {
        var tokens = drawn.Tokens[row].contiguous().data<long>().ToArray();
        var logs = drawn.LogProbabilities[row].contiguous().data<float>().ToArray();
        for (var i = 0; i < Math.Min(tokens.Length, 500); i++) Assert.That(
            logs[i], Is.EqualTo(Math.Log(probabilities[tokens[i]])).Within(2e-5));
    }
}
