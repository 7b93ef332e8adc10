using TextGan.Cli.Cluster;

namespace TextGan.Tests.Cli.Cluster;

public class SlurmTimeTests
{
    // The forms that sbatch's manual lists under --time.
    [TestCase("90", 90 * 60), TestCase("90:30", 90 * 60 + 30), TestCase("2:00:00", 7200), TestCase("1-2", 26 * 3600)]
    [TestCase("1-2:03", 26 * 3600 + 180), TestCase("1-02:03:04", 26 * 3600 + 184)]
    public void Reads_the_notation_of_Slurm(string text, int seconds) =>
        Assert.That(SlurmTime.Parse(text), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(""), TestCase("2h"), TestCase("1:2:3:4"), TestCase("-5"), TestCase("1-"), TestCase("5\n"), TestCase("1.5")]
    public void Rejects_others(string text) => Assert.That(SlurmTime.Parse(text), Is.Null);
}
