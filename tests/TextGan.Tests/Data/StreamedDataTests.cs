using TextGan.Data;
using TextGan.Tokenization;

namespace TextGan.Tests.Data;

public sealed class StreamedDataTests : FileTests
{
    static readonly string[] lines = [.. Enumerable.Range(0, 500).Select(i => $"text number {i}")];

    DataSet Load(DataOptions options) => options.Load(new DataContext("set", files.Folder, 8));

    [TestCase(false), TestCase(true)]
    public void Texts_are_those_in_memory(bool gzip)
    {
        var content = string.Join("\r\n\n", lines);
        if (gzip) files.WriteGzip("t", content);
        else files.Write("t", content);
        var streamed = Load(new TextDataOptions { Path = "t", Stream = true });
        var memory = Load(new TextDataOptions { Path = "t" });
        Assert.That((streamed.Train.Streamed, memory.Train.Streamed), Is.EqualTo((true, false)));
        Assert.That(streamed.Train.Texts, Is.EqualTo(lines));
        Assert.That(streamed.Train.Texts, Is.EqualTo(memory.Train.Texts));
        Assert.That(streamed.Train.Texts.Count, Is.EqualTo(500));
        Assert.That(streamed.HeldOut.Texts, Is.Empty);
        Assert.That(streamed.Summary, Does.EndWith(gzip ? "(gzip; streamed)" : "(streamed)"));
    }

    [Test]
    public void Texts_can_be_asked_for_by_number()
    {
        files.Write("t", string.Join('\n', lines));
        var texts = Load(new TextDataOptions { Path = "t", Stream = true }).Train.Texts;
        foreach (var index in (int[])[0, 3, 3, 100, 499, 2, 499, 0]) Assert.That(texts[index], Is.EqualTo(lines[index]));
        Assert.That(() => texts[500], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => texts[-1], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void As_many_are_held_out_each_once_and_by_seed()
    {
        files.Write("t", string.Join('\n', lines));
        DataSet Split(int seed) => Load(new TextDataOptions { Path = "t", Stream = true, HeldOut = 0.1, Seed = seed });
        var one = Split(1);
        Assert.That((one.Train.Texts.Count, one.HeldOut.Texts.Count), Is.EqualTo((450, 50)));
        Assert.That(one.HeldOut.Texts.Concat(one.Train.Texts), Is.EquivalentTo(lines));
        Assert.That(one.HeldOut.Texts, Is.Not.EqualTo(lines[..50]).And.Not.EqualTo(lines[450..]), "spread over the file");
        Assert.That(Split(1).HeldOut.Texts, Is.EqualTo(one.HeldOut.Texts));
        Assert.That(Split(2).HeldOut.Texts, Is.Not.EqualTo(one.HeldOut.Texts));
        // Each text is held out in a tenth of the seeds: of 400 in 40 with deviation 6.
        var often = new int[500];
        for (var seed = 0; seed < 400; seed++)
            foreach (var text in Split(seed).HeldOut.Texts) often[Array.IndexOf(lines, text)]++;
        Assert.That(often, Has.All.InRange(40 - 5 * 6, 40 + 5 * 6));
    }

    [Test]
    public void Pairs_stay_together()
    {
        var pairs = Enumerable.Range(0, 50).Select(i => $$"""{"chosen":"good {{i}}","rejected":"bad {{i}}","prompt":"ask {{i}}"}""");
        files.Write("p", string.Join('\n', pairs.Append("""{"chosen":"same","rejected":"same"}""")));
        var set = Load(new PreferenceDataOptions { Path = "p", Stream = true, HeldOut = 0.2 });
        foreach (var side in (DataSplit[])[set.Train, set.HeldOut])
        {
            Assert.That(side.Texts.Zip(side.Rejected!, side.Prompts!).Select(row => (row.First[5..], row.Second[4..], row.Third[4..])),
                Has.All.Matches<(string, string, string)>(row => row.Item1 == row.Item2 && row.Item2 == row.Item3));
        }
        Assert.That((set.Train.Texts.Count, set.HeldOut.Texts.Count), Is.EqualTo((40, 10)));
        Assert.That(set.Summary, Does.Contain("1 with equal texts skipped; streamed"));
    }

    [Test]
    public void What_is_malformed_is_told_at_once()
    {
        files.Write("t", [.. "good\n"u8, 0xFF, .. "\n"u8]);
        Assert.That(() => Load(new TextDataOptions { Path = "t", Stream = true }),
            Throws.TypeOf<InvalidInputException>().With.Message.Contains("t:2: The line is not valid UTF-8"));
        Assert.That(Load(new TextDataOptions { Path = "t", Stream = true, OnError = MalformedLines.Skip }).Train.Texts,
            Is.EqualTo(new[] { "good" }));
    }

    [Test]
    public void A_limit_and_a_second_file_are_kept()
    {
        files.Write("t", string.Join('\n', lines));
        files.Write("h", "one\ntwo");
        var set = Load(new TextDataOptions { Path = "t", HeldOutPath = "h", Stream = true, Limit = 7 });
        Assert.That(set.Train.Texts, Is.EqualTo(lines[..7]));
        Assert.That(set.HeldOut.Texts, Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void A_file_that_became_shorter_is_told()
    {
        files.Write("t", string.Join('\n', lines));
        var texts = Load(new TextDataOptions { Path = "t", Stream = true }).Train.Texts;
        files.Write("t", "only one");
        Assert.That(() => texts.Count(text => text.Length > 0),
            Throws.TypeOf<InvalidInputException>()
            .With.Message.EndsWith("The file is shorter than when it was first read: 1 of 500 items left."));
    }

    /// <summary>More different words than are counted at a time: the frequent ones are found all the same.</summary>
    [Test]
    public void A_vocabulary_is_learnt_from_more_words_than_are_kept()
    {
        var texts = Enumerable.Range(0, 1_300_000).Select(i => $"the r{i} {(i % 3 == 0 ? "third" : "")} {(i % 100 == 0 ? "rare" : "")}");
        var tokenizer = WordTokenizer.Fit(texts, size: 5);
        Assert.That(tokenizer.FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "the", "third", "rare" }));
    }
}
