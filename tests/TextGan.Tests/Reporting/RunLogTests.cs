using TextGan.Reporting;
using TextGan.Training;

namespace TextGan.Tests.Reporting;

public sealed class RunLogTests : FileTests
{
    const string One = """{"phase":"adversarial","step":1,"seconds":0,"values":{"total":1.5,"x":"NaN"}}""",
        Two = """{"phase":"adversarial","step":2,"seconds":0,"values":{"total":2.5}}""";

    string Folder => files.PathOf(Path.Combine("runs", "name", "7"));

    string FileName => Path.Combine(Folder, "metrics.jsonl");

    RunLog Read(string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(FileName, text);
        return RunLog.Read(Folder);
    }

    string Refused(string text) => Assert.Throws<InvalidInputException>(() => Read(text))!.Problems.Single().ToString();

    [Test]
    public void LinesBecomeSeriesByPhaseAndName()
    {
        var log = Read($"{One}\n\n{Two}\n" + """{"phase":"pretraining","step":10,"seconds":0,"values":{"total":7}}""" + "\n");
        Assert.That((log.Experiment, log.Seed), Is.EqualTo(("name", "7")));
        Assert.That(log.Names, Is.EqualTo(new[] { "total", "x" }));
        var total = log.Find(Phase.Adversarial, "total")!;
        Assert.That(total.Steps, Is.EqualTo(new double[] { 1, 2 }));
        Assert.That(total.Values, Is.EqualTo(new[] { 1.5, 2.5 }));
        Assert.That(log.Find(Phase.Adversarial, "x")!.LastValue, Is.NaN);
        Assert.That(log.Find(Phase.Pretraining, "total")!.LastValue, Is.EqualTo(7));
        Assert.That(log.Find(Phase.Pretraining, "x"), Is.Null);
        Assert.That((log.LastStep(Phase.Adversarial), log.LastStep(Phase.DiscriminatorPretraining), log.HasAdversarialPhase),
            Is.EqualTo((2.0, 0.0, true)));
    }

    [Test]
    public void WindowsLineEndsAndAMarkOfByteOrderAreRead() =>
        Assert.That(Read($"\uFEFF{One}\r\n{Two}\r\n").Find(Phase.Adversarial, "total")!.Steps, Has.Count.EqualTo(2));

    [Test]
    public void ALineThatIsBeingWrittenIsLeftOut()
    {
        foreach (var length in new[] { 1, 10, Two.Length - 1 })
            Assert.That(Read($"{One}\n{Two[..length]}").LastStep(Phase.Adversarial), Is.EqualTo(1), $"{length} characters");
        Assert.That(Read($"{One}\n{Two}").LastStep(Phase.Adversarial), Is.EqualTo(2), "a whole line counts, with its line end or without");
        Assert.That(Read("").IsEmpty);
        Assert.That(Read("\n\n").IsEmpty);
        Assert.That(Read(One[..20]).IsEmpty);
    }

    [Test]
    public void ADamagedLineIsNamed()
    {
        Assert.That(Refused($"{One}\n{Two[..20]}\n{Two}\n"), Does.StartWith($"{FileName}:2: The line is not a metric line: "));
        Assert.That(Refused($"{One}\n\n\nword\n"), Does.StartWith($"{FileName}:4: The line is not a metric line: "));
        Assert.That(Refused($"{One}\n{Two[..20]}\n"), Does.StartWith($"{FileName}:2: "), "with its line end it was written whole");
        Assert.That(Refused(One.Replace("adversarial", "adverse") + "\n"),
            Is.EqualTo($"{FileName}:1: The phase is 'adverse'; it must be pretraining, discriminator-pretraining or adversarial."));
        Assert.That(Refused(One.Replace("adversarial", "a\\u001bb") + "\n"),
            Is.EqualTo($"{FileName}:1: The phase is 'a\\u{{1B}}b'; it must be pretraining, discriminator-pretraining or adversarial."));
        Assert.That(Refused(One.Replace("\"step\":1", "\"step\":-1") + "\n"),
            Is.EqualTo($"{FileName}:1: The step is -1; it must be 0 or more."));
        Assert.That(Refused("""{"phase":"adversarial","step":1,"seconds":0,"values":null}""" + "\n"),
            Is.EqualTo($"{FileName}:1: The values are null; they must be an object of numbers by name."));
        Assert.That(Assert.Throws<InvalidInputException>(() => RunLog.Read(files.PathOf("none")))!.Message,
            Is.EqualTo($"{Path.Combine(files.PathOf("none"), "metrics.jsonl")}: The file does not exist; a run's folder is " +
                $"runs/EXPERIMENT/SEED and holds metrics.jsonl."));
    }

    /// <summary>A run that was resumed at step 2 after it had reached 4: what was logged twice counts as it was logged last.</summary>
    [Test]
    public void AResumedRunReplacesWhatItDoesAgain()
    {
        string Line(int step, double value, string phase = "adversarial") =>
            $$$"""{"phase":"{{{phase}}}","step":{{{step}}},"seconds":0,"values":{"total":{{{value}}}}}""" + "\n";
        var log = Read(Line(9, 9, "pretraining") + Line(1, 1) + Line(2, 2) + Line(3, 3) + Line(4, 4) + Line(3, 30) + Line(4, 40)
            + Line(4, 41));
        Assert.That(log.Find(Phase.Adversarial, "total")!.Steps, Is.EqualTo(new double[] { 1, 2, 3, 4 }));
        Assert.That(log.Find(Phase.Adversarial, "total")!.Values, Is.EqualTo(new double[] { 1, 2, 30, 41 }));
        Assert.That(log.Find(Phase.Pretraining, "total")!.Values, Is.EqualTo(new double[] { 9 }), "another phase stays");
        Assert.That(Read(Line(3, 3) + Line(4, 4) + Line(2, 2)).LastStep(Phase.Adversarial), Is.EqualTo(2));
    }

    [Test]
    public void LinesLongerThanTheBufferAreRead()
    {
        var values = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"name-{i}\":{i}"));
        var log = Read($$$"""{"phase":"adversarial","step":1,"seconds":0,"values":{{{{values}}}}}""" + "\n" + Two + "\n");
        Assert.That(log.Names, Has.Count.EqualTo(20_001));
        Assert.That(log.Find(Phase.Adversarial, "name-19999")!.LastValue, Is.EqualTo(19_999));
        Assert.That(log.LastStep(Phase.Adversarial), Is.EqualTo(2));
    }

    [Test]
    public void ARunThatStillWritesCanBeRead()
    {
        using var log = new MetricLog(FileName);
        log.Receive(new RunEvent.Stepped(Phase.Adversarial, 1, 0, new Dictionary<string, double> { ["total"] = 1 }, IsLogged: true));
        Assert.That(RunLog.Read(Folder).LastStep(Phase.Adversarial), Is.EqualTo(1));
    }
}
