using TextGan.Discriminators.Losses;
using TextGan.Discriminators;
using TextGan.Generators.Sampling;
using TextGan.Generators;
using TextGan.Tests.Learning;
using TextGan.Tokenization;
using TorchSharp;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Sampling;

public sealed class CompletionsTests
{
    static Tensor SomeIds(int batch, int length)
    {
        manual_seed(11);
        return randint(2, V, [batch, length], dtype: int64);
    }

    [Test]
    public void EveryCompletionBeginsWithTheBeginningItIsOf(
        [ValueSource(typeof(GeneratorCases), nameof(All))] string json, [Values] bool ends)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 2);
        var ids = SomeIds(6, T);
        ids[4, 2] = ids[4, 3] = ids[4, 4] = End;
        int? end = ends ? End : null;
        var all = Completions.CompleteAll(model, ids, 8, Start, end); // [T-1,B,N,T]
        Assert.That(all.shape, Is.EqualTo(new long[] { T - 1, 6, 8, T }));
        for (var given = 1; given < T; given++)
            for (var text = 0; text < 6; text++)
            {
                var completions = all[given - 1, text]; // [N,T]
                Assert.That(completions.narrow(1, 0, given).eq(ids[text].narrow(0, 0, given)).all().item<bool>(),
                    $"{given} tokens of text {text}");
                if (ends && text == 4 && given >= 3)
                    Assert.That(completions.eq(ids[text]).all().item<bool>(), "a text that has ended stays");
            }
        Assert.That(all[0, 0].data<long>().ToArray().Chunk(T).Select(row => string.Join(',', row)).Distinct().Count(), Is.GreaterThan(2),
            "completions differ");

        var one = Completions.Complete(model, ids.narrow(1, 0, 2), 3, T, Start, end); // [B,N,T]
        Assert.That(one.shape, Is.EqualTo(new long[] { 6, 3, T }));
        Assert.That(one.narrow(2, 0, 2).eq(ids.narrow(1, 0, 2).unsqueeze(1)).all().item<bool>());
        Assert.That(Completions.Complete(model, ids, 3, T, Start, end).eq(ids.unsqueeze(1)).all().item<bool>(),
            "nothing is left to complete");
        Assert.That(Completions.Complete(model, empty([2, 0], int64), 3, T, Start, end).shape, Is.EqualTo(new long[] { 2, 3, T }),
            "nothing is given");
    }

    /// <summary>The completions of each beginning against the exact conditional probability of every text that begins so.</summary>
    [Test]
    public void CompletionsFollowTheModel([Values(0, 4)] int which)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        const int vocabulary = 3, length = 3, end = 2, count = 20_000;
        using var model = Build(All[which], 9, vocabulary, length);
        var texts = Enumeration.AllTexts(vocabulary, length, end);
        double[] logs = Doubles((TeacherForcing.LogProbabilities(model, texts, 0) * TextBatch.MaskOf(texts, end)).sum(1));
        string[] names = [.. texts.data<long>().ToArray().Chunk(length).Select(text => string.Join(',', text))];
        var ids = tensor(new long[,] { { 0, 1, 0 }, { 1, 0, 1 }, { 1, 1, 2 } });
        manual_seed(4);
        var all = Completions.CompleteAll(model, ids, count, 0, end);
        for (var given = 1; given < length; given++)
            for (var text = 0; text < 3; text++)
            {
                var beginning = string.Join(',', ids[text].narrow(0, 0, given).data<long>().ToArray()) + ",";
                double[] exact = [.. names.Select((name, i) => name.StartsWith(beginning, StringComparison.Ordinal) ? Math.Exp(logs[i])
                    : 0)];
                exact = [.. exact.Select(p => p / exact.Sum())];
                var found = all[given - 1, text].data<long>().ToArray().Chunk(length).Select(row => string.Join(',', row))
                    .ToLookup(row => row);
                ChiSquare.AssertFits([.. names.Select(name => (long)found[name].Count())], exact, $"{beginning} of {All[which]}");
            }
    }

    /// <summary>
    /// The reward that stands at [i,t] must be that of text i's first t tokens: TextGAN-PyTorch laid rewards out by time and read them by
    /// text (its issue 62), so that samples got each other's. The expected reward of every beginning is summed over all texts.
    /// </summary>
    [Test]
    public void EachTokenGetsTheRewardOfItsOwnTextAndStep()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        const int vocabulary = 3, length = 4, end = 2;
        using var model = new BigramGenerator(vocabulary, 3);
        using var judge = new TableDiscriminator(length, vocabulary, 5);
        var adversary = new Judge("judge", judge, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException());
        var texts = Enumeration.AllTexts(vocabulary, length, end);
        var batch = new TextBatch(texts, end);
        double[] probabilities = [.. Doubles((TeacherForcing.LogProbabilities(model, texts, 0) * batch.Mask).sum(1)).Select(Math.Exp)];
        double[] rewards = Doubles(judge.forward(batch).SequenceLogits());
        string[] names = [.. texts.data<long>().ToArray().Chunk(length).Select(text => string.Join(',', text))];

        manual_seed(6);
        const int count = 3000;
        var credit = new RolloutCredit(count).Assign(
            new CreditRequest(model, [adversary], batch, 0, end, new RewardScorer(new LogitReward(), CPU))).Single();
        var returns = Doubles(credit.Returns); // [B,T]
        var spread = rewards.Max() - rewards.Min();
        for (var text = 0; text < names.Length; text++)
            for (var t = 0; t < length; t++)
            {
                var beginning = string.Join(',', names[text].Split(',')[..(t + 1)]);
                int[] possible = [.. Enumerable.Range(0, names.Length)
                    .Where(i => (names[i] + ",").StartsWith(beginning + ",", StringComparison.Ordinal))];
                var expected = possible.Sum(i => probabilities[i] * rewards[i]) / possible.Sum(i => probabilities[i]);
                // A mean of 3000 has a deviation of at most half the spread over √3000; 4.5 of those.
                Assert.That(returns[text * length + t],
                    Is.EqualTo(expected).Within(t == length - 1 ? 1e-5 : 4.5 * spread / 2 / Math.Sqrt(count)), $"{names[text]} at {t}");
            }
        Assert.That(Doubles(credit.Reward), Is.EqualTo(rewards).Within(1e-6));
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void TheSeedDecides(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var ids = SomeIds(4, T);
        long[] Draw(long seed)
        {
            manual_seed(seed);
            return Completions.CompleteAll(model, ids, 3, Start, End).data<long>().ToArray();
        }
        Assert.That(Draw(1), Is.EqualTo(Draw(1)));
        Assert.That(Draw(2), Is.Not.EqualTo(Draw(1)));
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void KeepsNoTensorAlive(string json)
    {
        using var model = Build(json);
        model.train();
        using var ids = SomeIds(4, T);
        long after = 0;
        for (var turn = 0; turn < 8; turn++)
        {
            using (NewDisposeScope())
            {
                Completions.CompleteAll(model, ids, 3, Start, turn % 2 == 0 ? End : null);
                Completions.Complete(model, ids.narrow(1, 0, 2), 3, T, Start, End);
            }
            if (turn == 2) after = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(after));
        Assert.That(model.training, "the model is as it was");
    }
}
