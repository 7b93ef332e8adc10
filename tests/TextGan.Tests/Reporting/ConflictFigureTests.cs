using TextGan.Reporting;
using static TextGan.Tests.Reporting.Pictures;

namespace TextGan.Tests.Reporting;

/// <summary>Pictures of the conflict between terms.</summary>
public sealed class ConflictFigureTests
{
    /// <summary>A run whose terms a and b oppose each other in every third measured iteration, and c never has a gradient.</summary>
    static string WithConflict(TemporaryFiles files, string name, int seed = 1, int every = 3)
    {
        var folder = new RunFolder(new FakeRun(name, seed) { Iterations = 120, PretrainingUpdates = 0, DiscriminatorUpdates = 0,
            Discriminators = ["a", "b", "c"] }.Write(files.PathOf("runs")));
        File.WriteAllLines(folder.Metrics, File.ReadAllLines(folder.Metrics).Select(MetricLine.Parse).Select(line =>
            (line.Values.ContainsKey("total") && line.Step % 10 == 0 ? line with { Values = new Dictionary<string, double>(line.Values)
            {
                ["conflict/a/norm"] = 2, ["conflict/a/share"] = 1.5, ["conflict/a/halves"] = line.Step == 20 ? -0.25 : 0.5,
                ["conflict/a/b/cosine"] = line.Step / 10 % every == 0 ? -0.8 : 0.1, ["conflict/b/norm"] = 2, ["conflict/b/share"] = -0.5,
                ["conflict/b/halves"] = 0.75, ["conflict/c/norm"] = 0, ["conflict/c/share"] = 0,
            } } : line).ToJson()));
        return folder.Root;
    }

    /// <summary>Of 12 measurements 4 are -0.8 and 8 are 0.1: -0.2 on average; of the halves of a one of 12 is below 0.</summary>
    [Test]
    public void ConflictHasAPictureOfItsOwn()
    {
        using var files = new TemporaryFiles();
        var run = WithConflict(files, "opposed");
        var conflict = new TermConflicts(RunLog.Read(run));
        Assert.That(conflict.Terms, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(conflict.Pairs, Is.EqualTo(new[] { (0, 1) }));
        Assert.That(conflict.MeanCosine(1, 0), Is.EqualTo(-0.2).Within(1e-12));
        Assert.That(conflict.Share(0, 1), Is.EqualTo(4.0 / 12).Within(1e-12));
        Assert.That(conflict.ShareSoFar(0, 1)!.Values.Take(4), Is.EqualTo(new[] { 0, 0, 1.0 / 3, 0.25 }).Within(1e-12));
        Assert.That(conflict.MeanCosine(0, 0), Is.EqualTo((11 * 0.5 - 0.25) / 12).Within(1e-12));
        Assert.That((conflict.Share(0, 0), conflict.Share(1, 1)), Is.EqualTo((1.0 / 12, 0.0)));
        Assert.That((conflict.Share(2, 2), conflict.MeanCosine(0, 2)), Is.EqualTo((double.NaN, double.NaN)));

        var drawn = RunPlots.Draw(run, files.PathOf("plots"));
        AssertPictures(drawn);
        Assert.That(drawn.Select(Path.GetFileName), Has.None.StartsWith("other"));
        var words = Lines(drawn.Single(file => file.EndsWith("conflict.svg", StringComparison.Ordinal)));
        Assert.That(words, Is.SupersetOf(new[] { "-0.20", "0.44", "0.75", "33%", "8%", "0%", "–", "a", "b", "c", "a, b" }));
    }

    [Test]
    public void ConflictIsCompared()
    {
        using var files = new TemporaryFiles();
        string[] runs = [WithConflict(files, "opposed"), WithConflict(files, "opposed", 2, every: 2),
            WithConflict(files, "in-tune", 1, 100),
            new FakeRun("unmeasured", 1) { Iterations = 5, PretrainingUpdates = 0, DiscriminatorUpdates = 0 }.Write(files.PathOf("runs"))];
        var drawn = ComparisonPlots.Draw(runs, files.PathOf("plots"), "t");
        AssertPictures(drawn);
        var words = Lines(drawn.Single(file => file.EndsWith("comparison-conflict.svg", StringComparison.Ordinal)));
        // (4/12 + 6/12)/2
        Assert.That(words, Is.SupersetOf(new[] { "a, b", "0.417", "opposed", "in-tune" }));
        Assert.That(words, Has.None.EqualTo("unmeasured"));
        Assert.That(ComparisonPlots.Draw([runs[3]], files.PathOf("without"), "t").Select(Path.GetFileName),
            Has.None.StartsWith("comparison-conflict"));
    }
}
