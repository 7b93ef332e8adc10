using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Tests.Learning;
using TextGan.Tokenization;
using TorchSharp;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Sampling;

public sealed class SamplerTests
{
    static readonly SamplingOptions Plain = new();

    /// <summary>What REINFORCE stands on: what sampling says of a token is what a teacher-forced pass says of it.</summary>
    [Test]
    public void LogProbabilitiesAreThoseOfTeacherForcing(
        [ValueSource(typeof(GeneratorCases), nameof(All))] string json, [Values] bool ends, [Values(0, 1, 3)] int prompted)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 2, length: 9);
        manual_seed(5);
        var prompt = prompted == 0 ? null : randint(2, V, [64, prompted], dtype: int64);
        int? end = ends ? End : null;
        var samples = Sampler.Sample(model, Plain, 64, 9, Start, end, prompt is null ? null : PromptBatch.Of(prompt));
        Assert.That(samples.Tokens.Ids.shape, Is.EqualTo(new long[] { 64, 9 }));
        Assert.That(samples.LogProbabilities.shape, Is.EqualTo(new long[] { 64, 9 }));

        var counts = samples.Tokens.Mask.clone();
        counts.narrow(1, 0, prompted).fill_(0);
        using var none = no_grad();
        var expected = TeacherForcing.LogProbabilities(model, samples.Tokens.Ids, Start) * counts;
        Assert.That(MaxDifference(samples.LogProbabilities, expected), Is.LessThan(1e-5));
        Assert.That(samples.LogProbabilities.masked_select(counts.gt(0)).lt(0).all().item<bool>());
        if (ends) Assert.That(samples.Tokens.Mask.sum().item<float>(), Is.LessThan(64 * 9), "some ended early, or the case shows nothing");
    }

    /// <summary>Every text of three tokens with its exact probability against how often it was drawn.</summary>
    [Test]
    public void TextsComeAsOftenAsTheirProbabilitySays([Values(0, 3)] int which, [Values] bool ends)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        const int vocabulary = 4, length = 3, n = 40_000;
        using var model = Build(All[which], 9, vocabulary, length);
        int? end = ends ? 2 : null;
        var texts = Enumeration.AllTexts(vocabulary, length, end);
        var probabilities = TextProbabilities(model, texts, end);
        Assert.That(probabilities.Sum(), Is.EqualTo(1).Within(1e-5));
        manual_seed(1);
        var drawn = Sampler.Sample(model, Plain, n, length, 0, end).Tokens.Ids;
        ChiSquare.AssertFits(CountTexts(drawn, texts), probabilities, All[which]);
    }

    static double[] TextProbabilities(Generator model, Tensor texts, int? end)
    {
        var mask = TextBatch.MaskOf(texts, end);
        return [.. Doubles((TeacherForcing.LogProbabilities(model, texts, 0) * mask).sum(1)).Select(Math.Exp)];
    }

    static long[] CountTexts(Tensor drawn, Tensor texts)
    {
        var (rows, length) = (drawn.data<long>().ToArray().Chunk((int)drawn.shape[1]), (int)texts.shape[1]);
        var places = texts.data<long>().ToArray().Chunk(length).Select((text, place) => (Key: string.Join(',', text), place))
            .ToDictionary(x => x.Key, x => x.place);
        var counts = new long[places.Count];
        foreach (var row in rows) counts[places[string.Join(',', row)]]++;
        return counts;
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void TheEndTokenFillsTheRest(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 2, length: 12);
        manual_seed(3);
        var samples = Sampler.Sample(model, Plain, 200, 12, Start, End);
        var lengths = new List<int>();
        foreach (var (row, logs) in samples.Tokens.Ids.data<long>().ToArray().Chunk(12)
            .Zip(samples.LogProbabilities.data<float>().ToArray().Chunk(12)))
        {
            var first = Array.IndexOf(row, End);
            lengths.Add(first < 0 ? 12 : first + 1);
            if (first < 0) continue;
            Assert.That(row[first..], Is.All.EqualTo(End));
            Assert.That(logs[(first + 1)..], Is.All.Zero);
            Assert.That(logs[first], Is.Not.Zero, "the end itself was drawn");
        }
        Assert.That(lengths.Distinct().Count(), Is.GreaterThan(4));
        Assert.That(Doubles(samples.Tokens.Mask.sum(1)), Is.EqualTo(lengths));
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void TextsBeginWithThePrompt(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        manual_seed(3);
        var common = tensor(new long[] { 4, 0 });
        var samples = Sampler.Sample(model, Plain, 50, T, Start, End, PromptBatch.Of(common.expand(50, 2)));
        Assert.That(samples.Tokens.Ids.narrow(1, 0, 2).eq(common).all().item<bool>());
        Assert.That(samples.LogProbabilities.narrow(1, 0, 2).abs().sum().item<float>(), Is.Zero);

        var own = randint(2, V, [50, 3], dtype: int64);
        samples = Sampler.Sample(model, Plain, 50, T, Start, End, PromptBatch.Of(own));
        Assert.That(samples.Tokens.Ids.narrow(1, 0, 3).eq(own).all().item<bool>());

        var whole = randint(2, V, [3, T], dtype: int64);
        Assert.That(Sampler.Sample(model, Plain, 3, T, Start, End, PromptBatch.Of(whole)).Tokens.Ids.eq(whole).all().item<bool>(),
            "nothing is left to draw");
    }

    [Test]
    public void PromptsThatDoNotFitAreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Build(All[0]);
        string Refused(PromptBatch prompts) =>
            Assert.Throws<ArgumentException>(() => Sampler.Sample(model, Plain, 3, T, Start, End, prompts))!.Message;
        Assert.That(Refused(PromptBatch.Of(zeros([3, 6], int64))),
            Does.StartWith("The longest prompt has 6 tokens; the texts have only 5."));
        Assert.That(Refused(PromptBatch.Of(zeros([2, 2], int64))),
            Does.StartWith("The prompts have shape [2,2] and lengths [2]; [3,P] and [3] are needed."));
        var behind = new PromptBatch(tensor(new long[,] { { 3, End }, { 3, End }, { 3, End } }), ones([3], int64));
        Assert.That(Sampler.Sample(model, Plain, 3, T, Start, End, behind).Tokens.Ids.select(1, 0).eq(3).all().item<bool>(),
            "what follows a prompt in its row is not read");
        Assert.That(Sampler.Sample(model, Plain, 3, T, Start, null, PromptBatch.Of([[3, End, 5], [3], [3]])).Tokens.Ids[0, 2].item<long>(),
            Is.EqualTo(5), "where texts have no end it is a token like others");
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void GreedyTakesTheMostProbableTokenAtEachStep(string json)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var model = Build(json, 2);
        var samples = Sampler.Sample(model, new SamplingOptions { Temperature = 0 }, 2, T, Start, null, PromptBatch.Of([[2], [5]]));
        var text = tensor(new long[,] { { 2 }, { 5 } });
        while (text.shape[1] < T)
        {
            var best = model.call(cat([full([2, 1], Start, int64), text], 1)).select(1, text.shape[1]).argmax(1, keepdim: true);
            text = cat([text, best], 1);
        }
        Assert.That(samples.Tokens.Ids.data<long>().ToArray(), Is.EqualTo(text.data<long>().ToArray()));
        Assert.That(samples.LogProbabilities.abs().sum().item<float>(), Is.Zero);
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void TheSeedDecides(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        (long[], float[]) Draw(long seed)
        {
            manual_seed(seed);
            var samples = Sampler.Sample(model, new SamplingOptions { Temperature = 0.9, TopK = 6 }, 20, T, Start, End);
            return (samples.Tokens.Ids.data<long>().ToArray(), samples.LogProbabilities.data<float>().ToArray());
        }
        var (ids, logs) = Draw(1);
        Assert.That(Draw(1).Item1, Is.EqualTo(ids));
        Assert.That(Draw(1).Item2, Is.EqualTo(logs), "to the bit");
        Assert.That(Draw(2).Item1, Is.Not.EqualTo(ids));
    }

    /// <summary>
    /// However early texts end, what is drawn afterwards is the same: a run stays reproducible where a model learns to stop.
    /// </summary>
    [Test]
    public void HowManyRandomNumbersItTakesDoesNotDependOnTheTexts()
    {
        using var scope = NewDisposeScope();
        float After(int? end)
        {
            using var model = Build(All[0]);
            manual_seed(1);
            Sampler.Sample(model, Plain, 4, 30, Start, end);
            return rand(1).item<float>();
        }
        Assert.That(After(End), Is.EqualTo(After(null)));
    }

    [Test]
    public void DropoutIsOffWhileItDraws([ValueSource(typeof(GeneratorCases), nameof(WithDropout))] string json, [Values] bool training)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 2);
        model.train(training);
        manual_seed(3);
        var samples = Sampler.Sample(model, Plain, 20, T, Start, null);
        Assert.That(model.training, Is.EqualTo(training), "and the model is as it was afterwards");
        Assert.That(model.modules().Select(module => module.training), Is.All.EqualTo(training));
        model.eval();
        using var none = no_grad();
        Assert.That(MaxDifference(samples.LogProbabilities, TeacherForcing.LogProbabilities(model, samples.Tokens.Ids, Start)),
            Is.LessThan(1e-5));
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void KeepsNoGraphAndNoTensor(string json)
    {
        using var model = Build(json);
        using (NewDisposeScope()) Assert.That(Sampler.Sample(model, Plain, 2, T, Start, End).LogProbabilities.requires_grad, Is.False);
        long after = 0;
        for (var turn = 0; turn < 8; turn++)
        {
            using (NewDisposeScope()) Sampler.Sample(model, Plain, 16, T, Start, turn % 2 == 0 ? End : null, turn % 3 == 0
                ? PromptBatch.Of(zeros([16, 2], int64)) : null);
            if (turn == 2) after = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(after));
    }
}
