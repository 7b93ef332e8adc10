using TextGan.Discriminators;
using TextGan.Learning;
using TextGan.Storage;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

public sealed class ReplayBufferTests
{
    /// <summary>Texts of two tokens and an end, of which the first is the text's number.</summary>
    static TextBatch Texts(int from, int count, bool prompts = false) => new(
        tensor(Enumerable.Range(from, count).SelectMany(i => new long[] { i, 7, 0 }).ToArray(), [count, 3], int64), 0,
        promptLengths: prompts ? tensor(Enumerable.Range(from, count).Select(i => (long)(i % 2)).ToArray()) : null);

    static long[] Numbers(TextBatch texts) => texts.Ids.select(1, 0).contiguous().data<long>().ToArray();

    static long[] Kept(ReplayBuffer buffer)
    {
        var bag = new StateBag();
        buffer.Save(bag);
        var kept = bag.GetTensor("ids").select(1, 0).contiguous().data<int>().ToArray();
        bag.Clear();
        return [.. kept.Select(number => (long)number)];
    }

    /// <summary>Algorithm R: each of 50 texts is among the 10 that are kept with probability 1/5, whenever it was added.</summary>
    [Test]
    public void EveryTextIsKeptWithTheSameProbability()
    {
        const int seeds = 400;
        using var scope = NewDisposeScope();
        var counts = new int[50];
        for (var seed = 0; seed < seeds; seed++)
        {
            using var buffer = new ReplayBuffer(10, CPU, 0, seed, "x");
            for (var from = 1; from <= 50; from += 7) buffer.Add(Texts(from, Math.Min(7, 51 - from)));
            var kept = Kept(buffer);
            Assert.That(kept.Distinct().Count(), Is.EqualTo(10));
            foreach (var number in kept) counts[number - 1]++;
        }
        // A frequency's deviation is √(.2 · .8 / 400) = .02; that of the mean over ten of them about .006.
        for (var i = 0; i < 50; i++) Assert.That(counts[i] / (double)seeds, Is.EqualTo(0.2).Within(0.09), $"text {i}");
        for (var i = 0; i < 50; i += 10)
            Assert.That(counts[i..(i + 10)].Average() / seeds, Is.EqualTo(0.2).Within(0.025), $"texts from {i}");
    }

    [Test]
    public void TheFirstTextsAreAllKeptAndAllAreDrawn()
    {
        using var scope = NewDisposeScope();
        using var buffer = new ReplayBuffer(10, CPU, 0, seed: 1, "x");
        Assert.That(buffer.Count, Is.Zero);
        buffer.Add(Texts(1, 4));
        buffer.Add(Texts(5, 3));
        Assert.That((buffer.Count, Kept(buffer)), Is.EqualTo((7, Enumerable.Range(1, 7).Select(i => (long)i))));
        var drawn = Numbers(buffer.Draw(7000));
        // The deviation of each count is √(7000 · 1/7 · 6/7) = 29.
        foreach (var group in drawn.GroupBy(number => number)) Assert.That(group.Count(), Is.EqualTo(1000).Within(120));
        Assert.That(drawn.Distinct().Order(), Is.EqualTo(Enumerable.Range(1, 7)));
    }

    [Test]
    public void TextsKeepTheirTokensMasksAndPrompts()
    {
        using var scope = NewDisposeScope();
        using var buffer = new ReplayBuffer(100, CPU, 0, seed: 1, "x");
        buffer.Add(Texts(1, 20, prompts: true));
        var drawn = buffer.Draw(50);
        Assert.That(drawn.HasPrompts);
        for (var i = 0; i < 50; i++)
        {
            var number = drawn.Ids[i, 0].item<long>();
            Assert.That(drawn.Ids[i].data<long>().ToArray(), Is.EqualTo(new[] { number, 7, 0 }));
            Assert.That(drawn.Mask[i].data<float>().ToArray(), Is.EqualTo(new[] { 1f, 1, 1 }));
            Assert.That(drawn.Response[i].data<float>().ToArray(), Is.EqualTo(new[] { number % 2 == 1 ? 0f : 1, 1, 1 }), "its prompt");
        }
    }

    [Test]
    public void ItGoesOnFromACheckpointWithTheSameTexts()
    {
        using var scope = NewDisposeScope();
        using var first = new ReplayBuffer(10, CPU, 0, seed: 3, "x");
        first.Add(Texts(1, 15));
        first.Draw(5);
        var bag = new StateBag();
        first.Save(bag);
        using var second = new ReplayBuffer(10, CPU, 0, seed: 3, "x");
        second.Add(Texts(90, 3)); // as before a roll-back
        second.Load(bag);
        bag.Clear();
        foreach (var buffer in new[] { first, second }) buffer.Add(Texts(16, 20));
        Assert.That(Kept(second), Is.EqualTo(Kept(first)));
        Assert.That(Numbers(second.Draw(30)), Is.EqualTo(Numbers(first.Draw(30))));
    }

    /// <summary>Half of eight are replayed once there are any; they are of earlier updates, and rejected texts come first.</summary>
    [Test]
    public void AnUpdateHasEarlierTextsAmongItsOpponents()
    {
        using var scope = NewDisposeScope();
        var options = new OpponentOptions { Generated = 1, Replayed = 1 };
        using var side = new OpposingSide(options, new ReplayOptions(), null, 8, CPU, 0, 1, "d");
        Assert.That(side.Generated, Is.EqualTo(8), "nothing to replay");
        var first = side.Next(Texts(1, 8), []);
        Assert.That((first.Rejected, first.Replayed, first.Generated, Numbers(first.Texts)),
            Is.EqualTo((0, 0, 8, Enumerable.Range(1, 8).Select(i => (long)i))));
        Assert.That(side.Generated, Is.EqualTo(4));
        var second = side.Next(Texts(100, 4), []);
        Assert.That((second.Rejected, second.Replayed, second.Generated), Is.EqualTo((0, 4, 4)));
        Assert.That(Numbers(second.Texts)[..4], Is.All.InRange(1, 8), "of the first update, not of this one");
        Assert.That(Numbers(second.Texts)[4..], Is.EqualTo(new[] { 100, 101, 102, 103 }));
    }

    [TestCase(1, 0, 1, 64, 0, 32)]
    [TestCase(1, 0, 0.5, 64, 0, 21)]
    [TestCase(1, 2, 1, 64, 32, 16)]
    [TestCase(1, 0, 9, 4, 0, 3)]
    [TestCase(1, 1, 1, 1, 0, 0)]
    [TestCase(1, 1, 0, 5, 3, 0)]
    public void SharesOfOpponents(double generated, double rejected, double replayed, int batch, int ofRejected, int ofReplayed)
    {
        var options = new OpponentOptions { Generated = generated, Rejected = rejected, Replayed = replayed };
        Assert.That((options.RejectedOf(batch), options.ReplayedOf(batch)), Is.EqualTo((ofRejected, ofReplayed)));
    }
}
