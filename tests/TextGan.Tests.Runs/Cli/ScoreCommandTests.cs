using TextGan.Tests.Runs;

namespace TextGan.Tests.Cli;

/// <summary>Scores of any texts by the judges of a small run.</summary>
public sealed class ScoreCommandTests
{
    static SmallRun run = null!;

    [OneTimeSetUp]
    public void Train()
    {
        run = new SmallRun();
        Assert.That(run.Run(new SilentObserver(), default).Single().Outcome, Is.EqualTo("finished"));
    }

    [OneTimeTearDown]
    public void CleanUp() => run.Dispose();

    static CommandRun Score(string name, string content, params string[] arguments)
    {
        File.WriteAllText(Path.Combine(run.Folder, name), content);
        return CommandRun.In(run.Folder, null, ["score", "runs/small/1", name, .. arguments]);
    }

    static SampleLine[] Lines(CommandRun result)
    {
        Assert.That(result.Code, Is.Zero, result.Error);
        return [.. result.Output[..^1].Split('\n').Select(SampleLine.Parse)];
    }

    /// <summary>Texts that end say what the evaluation said of them: the ids are the same.</summary>
    [Test]
    public void GivesTheScoresThatTheEvaluationGave()
    {
        var samples = File.ReadAllLines(
            Path.Combine(new RunFolder(Path.Combine(run.Folder, "runs/small/1")).Samples, "adversarial-00000004.jsonl"));
        var scored = Lines(Score("samples.jsonl", string.Join('\n', samples) + "\n"));
        var compared = 0;
        foreach (var (found, wanted) in scored.Zip(samples.Select(SampleLine.Parse)))
        {
            Assert.That(found.Text, Is.EqualTo(wanted.Text));
            if (found.Tokens != wanted.Tokens) continue;
            compared++;
            foreach (var judge in (string[])["real", "helpful"])
                Assert.That(found.Scores[judge], Is.EqualTo(wanted.Scores[judge]).Within(1e-5));
        }
        Assert.That((scored.Length, compared > 0), Is.EqualTo((10, true)));
    }

    /// <summary>Labels are added to a teacher's file after the run, as its notes ask for; the judge's weights are what they were.</summary>
    [Test]
    public void WhoLabelledIsNotAskedAgain()
    {
        using var own = new SmallRun();
        var labels = Path.Combine(own.Folder, "labels.jsonl");
        File.WriteAllText(labels, "{\"text\":\"the cat sleeps\",\"label\":true}\n");
        var trained = own.Run(new SilentObserver(), default, "pretraining.epochs=1", "training.iterations=1", """
            discriminators=[{"name":"q","kind":"bag","data":"helpfulness","embedding":4,"hidden":4,"members":2,"opponents":{"generated":0,
            "rejected":1},"oracleQuery":{"teacher":{"kind":"file","path":"labels.jsonl"},"labels":4,"batch":2,"pool":4}}]
            """).Single();
        Assert.That(trained.Outcome, Is.EqualTo("finished"), trained.Message);
        var notes = File.ReadAllText(Path.Combine(trained.Folder, "teachers", "q", "to-label.jsonl"));
        File.AppendAllText(labels, notes.Replace("null", "true"));
        File.WriteAllText(Path.Combine(own.Folder, "texts.txt"), "the cat\n");
        var scored = CommandRun.In(own.Folder, null, "score", "runs/small/1", "texts.txt");
        Assert.That(scored.Code, Is.Zero, scored.Error);
        Assert.That(SampleLine.Parse(scored.Output.Trim()).Scores.Keys, Is.EqualTo(new[] { "q" }));
    }

    [Test]
    public void APromptIsPutBeforeItsTextAndOrderAndMeansAreRight()
    {
        var plain = Score("plain.txt", "you should sleep\nthe cat\n");
        var split = Lines(Score("split.jsonl", "{\"prompt\":\"you should \",\"text\":\"sleep\"}\n"));
        var lines = Lines(plain);
        Assert.That(lines.Select(line => line.Text), Is.EqualTo(new[] { "you should sleep", "the cat" }));
        foreach (var judge in (string[])["real", "helpful"]) Assert.That(
            split[0].Scores[judge], Is.EqualTo(lines[0].Scores[judge]).Within(1e-5));
        // Of a prompt nothing counts: what is missing from the sum over all tokens is -log p of the prompt, whatever follows it.
        var pairs = Lines(Score("pairs.jsonl", """
            {"text":"you should sleep"}
            {"prompt":"you","text":"should sleep"}
            {"text":"you the cat"}
            {"prompt":"you","text":"the cat"}
            """));
        double[] sums = [.. pairs.Select(line => line.Nll!.Value * (line.Tokens + 1))];
        Assert.That(pairs.Select(line => line.Tokens), Is.EqualTo(new[] { 3, 2, 3, 2 }));
        Assert.That(sums[0] - sums[1], Is.EqualTo(sums[2] - sums[3]).Within(1e-4).And.GreaterThan(0));
        var mean = lines.Average(line => line.Scores["real"]);
        Assert.That(plain.Error,
            Does.Match($@"(?m)^real +2 +{System.Text.RegularExpressions.Regex.Escape(TextGan.Cli.Display.NumberText.Of(mean))}$"));
    }

    [Test]
    public void WritesAFile()
    {
        var result = Score("plain.txt", "the cat\n", "--out", "scores.jsonl", "--step", "2");
        Assert.That((result.Code, result.Output), Is.EqualTo((0, "")));
        Assert.That(SampleLine.Parse(File.ReadAllText(Path.Combine(run.Folder, "scores.jsonl"))).Scores.Keys,
            Is.EquivalentTo(new[] { "real", "helpful" }));
    }

    [TestCase("bad.jsonl", "{\"text\":\"a\"}\n{\"txt\":1}\n",
        "bad.jsonl:2: The line is not a JSON object with 'text' and, optionally, 'prompt': it has no 'text'.\n")]
    [TestCase("bad.jsonl", "{\"text\":\"a\",\"prompt\":1}\n",
        "bad.jsonl:1: The line is not a JSON object with 'text' and, optionally, 'prompt': 'prompt' is not a string.\n")]
    public void ABadLineIsNamedAndNothingIsHalfWritten(string name, string content, string message)
    {
        var result = Score(name, content, "--out", "half.jsonl");
        Assert.That(result.Code, Is.EqualTo(2));
        Assert.That(result.Error, Does.EndWith(message));
        Assert.That(File.Exists(Path.Combine(run.Folder, "half.jsonl")), Is.False);
    }

    [Test]
    public void ACheckpointWithoutJudgesIsRejected()
    {
        var name = Directory.EnumerateFiles(new RunFolder(Path.Combine(run.Folder, "runs/small/1")).Checkpoints, "pretraining-*.sha256")
            .Single();
        var result = Score("plain.txt", "the cat\n", "--step", $"{long.Parse(Path.GetFileNameWithoutExtension(name)[^8..])}");
        Assert.That(result.Code, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("is from the pretraining of the generator, before there are discriminators"));
        Assert.That(Score("plain.txt", "", "--step", "99").Error, Does.Contain("has no checkpoint of step 99; there are "));
    }
}
