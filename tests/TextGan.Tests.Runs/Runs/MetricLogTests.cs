using System.Text.Json;
using TextGan.Training;

namespace TextGan.Tests.Runs;

public sealed class MetricLogTests
{
    static readonly Dictionary<string, double> Values = new()
    {
        ["total"] = 0.1 + 0.2, ["term/a \"quoted\" name/raw"] = double.NaN, ["up"] = double.PositiveInfinity,
            ["down"] = double.NegativeInfinity,
        ["least"] = double.Epsilon, ["zero"] = -0.0, ["whole"] = 12,
    };

    [Test]
    public void ALineComesBackToTheBit()
    {
        var line = new MetricLine { Phase = "adversarial", Step = long.MaxValue, Seconds = 1.25, Values = Values };
        var json = line.ToJson();
        Assert.That(json, Does.Not.Contain("\n").And.StartWith(
            """{"phase":"adversarial","step":9223372036854775807,"seconds":1.25,"values":{"total":0.30000000000000004,"""));
        Assert.That(json, Does.Contain("\"NaN\"").And.Contain("\"Infinity\"").And.Contain("\"-Infinity\""));
        var read = MetricLine.Parse(json);
        Assert.That(read with { Values = Values }, Is.EqualTo(line));
        Assert.That(read.Values.Keys, Is.EqualTo(Values.Keys), "in their order");
        foreach (var (name, value) in Values) Assert.That(
            BitConverter.DoubleToInt64Bits(read.Values[name]), Is.EqualTo(BitConverter.DoubleToInt64Bits(value)), name);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("""{"phase":"adversarial","step":1,"seconds":0}""")]
    [TestCase("""{"phase":"adversarial","step":1.5,"seconds":0,"values":{}}""")]
    [TestCase("""{"phase":"adversarial","step":1,"seconds":0,"values":{"a":"b"}}""")]
    [TestCase("""{"phase":"adversarial","step":1,"seconds":0,"values":{"a":1}""")]
    public void WhatIsNoLineIsRefused(string line) => Assert.That(() => MetricLine.Parse(line), Throws.InstanceOf<JsonException>());

    [Test]
    public void EachLineIsInTheFileAtOnce()
    {
        using var files = new TemporaryFiles();
        var path = Path.Combine(files.Folder, "new", "folder", "metrics.jsonl");
        using var log = new MetricLog(path);
        string[] Lines()
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Split('\n');
        }
        log.Receive(new RunEvent.Stepped(Phase.Pretraining, 3, 0, Values, IsLogged: true));
        Assert.That(Lines(), Has.Length.EqualTo(2).And.ItemAt(1).Empty, "with its line end");
        log.Receive(new RunEvent.Stepped(Phase.Adversarial, 4, 0, new Dictionary<string, double> { ["x"] = 1 }, IsLogged: true));
        log.Write(new MetricLine { Phase = "adversarial", Step = 9, Seconds = 77, Values = new Dictionary<string, double>() });
        var read = Lines()[..3].Select(MetricLine.Parse).ToArray();
        Assert.That(read.Select(line => (line.Phase, line.Step)),
            Is.EqualTo(new[] { ("pretraining", 3L), ("adversarial", 4L), ("adversarial", 9L) }));
        Assert.That(read.Zip(read.Skip(1), (a, b) => b.Seconds >= a.Seconds), Is.All.True);
        Assert.That(read[2].Seconds, Is.EqualTo(77), "as it was given");
        Assert.That(MetricLog.ReadLines(path), Is.EqualTo(read.Select(line => line.ToJson())));
    }
}
