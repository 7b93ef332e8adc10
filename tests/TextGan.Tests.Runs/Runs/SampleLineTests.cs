namespace TextGan.Tests.Runs;

public class SampleLineTests
{
    [Test]
    public void IsALineOfJsonThatIsHarmlessAndReadBack()
    {
        var line = new SampleLine { Text = "ä\n\u001b[2J\u202e", Tokens = 3, Prompt = "a ", Group = 2, Ended = true,
            Scores = new Dictionary<string, double> { ["real"] = double.NaN } };
        var json = line.ToJson();
        Assert.That(json.Replace("\\u202e", "\\u202E", StringComparison.Ordinal), Is.EqualTo(
            """{"text":"ä\n\u001B[2J\u202E","tokens":3,"prompt":"a ","group":2,"ended":true,"scores":{"real":"NaN"}}"""));
        var read = SampleLine.Parse(json);
        Assert.That(read with { Scores = line.Scores }, Is.EqualTo(line));
        Assert.That(read.Scores, Is.EqualTo(line.Scores));
    }

    /// <summary>The log's mean score of generated texts is that of the file.</summary>
    [Test]
    public void ARunWritesTheScoreOfEachText()
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default).Single();
        SampleLine[] Read(string name) =>
            [.. File.ReadAllLines(Path.Combine(new RunFolder(result.Folder).Samples, name)).Select(SampleLine.Parse)];
        var samples = Read("adversarial-00000004.jsonl");
        var logged = SmallRun.Lines(result).Last(line => line.Values.ContainsKey("discriminator/real/heldOutScoreGenerated")).Values;
        Assert.That(samples, Has.Length.EqualTo(10));
        foreach (var judge in (string[])["real", "helpful"])
            Assert.That(samples.Average(sample => sample.Scores[judge]),
                Is.EqualTo(logged[$"discriminator/{judge}/heldOutScoreGenerated"]).Within(1e-5));
        Assert.That(samples.All(sample => sample.Ended == sample.Tokens < 26 && sample.Prompt is null && sample.Group is null));
        var first = Read(Path.GetFileName(Directory.EnumerateFiles(new RunFolder(result.Folder).Samples, "pretraining-*").Order().First()));
        Assert.That(first.All(sample => sample.Scores.Count == 0), "there are no judges yet");
    }
}
