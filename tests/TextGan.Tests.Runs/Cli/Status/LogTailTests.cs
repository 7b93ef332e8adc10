using TextGan.Cli.Status;

namespace TextGan.Tests.Cli.Status;

public class LogTailTests
{
    static string Line(string phase, long step, double seconds) =>
        new MetricLine { Phase = phase, Step = step, Seconds = seconds, Values = new Dictionary<string, double> { ["x"] = 1 } }.ToJson();

    static LogTail? Read(params string[] lines)
    {
        using var files = new TemporaryFiles();
        return LogTail.Read(files.Write("metrics.jsonl", string.Join('\n', lines)));
    }

    [Test]
    public void The_pace_is_that_of_the_last_lines_of_the_phase()
    {
        var tail = Read(Line("pretraining", 90, 100), Line("adversarial", 10, 104), Line("adversarial", 30, 114), "{\"pha")!;
        Assert.That(tail, Is.EqualTo(new LogTail(Phase.Adversarial, 30, 0.5))); // 10 seconds for 20 steps
        Assert.That(tail.TimeFor(100), Is.EqualTo(TimeSpan.FromSeconds(50)));
    }

    [Test]
    public void Lines_before_a_roll_back_do_not_count() =>
        Assert.That(Read(Line("adversarial", 40, 1), Line("adversarial", 20, 10), Line("adversarial", 22, 14)),
            Is.EqualTo(new LogTail(Phase.Adversarial, 22, 2)));

    [Test]
    public void One_line_has_no_pace() =>
        Assert.That(Read(Line("pretraining", 5, 1)), Is.EqualTo(new LogTail(Phase.Pretraining, 5, null)));

    [Test]
    public void The_end_of_a_long_log_is_enough() =>
        Assert.That(Read([.. Enumerable.Range(1, 5000).Select(step => Line("adversarial", step, step * 0.25))]),
            Is.EqualTo(new LogTail(Phase.Adversarial, 5000, 0.25)));

    [Test]
    public void No_line_is_no_progress()
    {
        Assert.That(Read(""), Is.Null);
        Assert.That(LogTail.Read("/none"), Is.Null);
    }
}
