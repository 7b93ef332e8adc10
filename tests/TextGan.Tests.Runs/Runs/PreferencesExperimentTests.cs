using TextGan.Experiments.Reading;

namespace TextGan.Tests.Runs;

/// <summary>
/// The shipped reward models on the real pairs: by McNemar's test at 5% not worse than a bag of words on either set, on each seed, and
/// better in the mean of the seeds on one of them.
/// </summary>
[Category("Long")]
public sealed class PreferencesExperimentTests
{
    [Test]
    public void RewardModelsAreNotWorseThanABagOfWords()
    {
        var data = SharedData.Find("data")
            ?? throw new IgnoreException("The shared data are missing: data/helpful-pairs, data/hh-harmless.");
        using var run = new SmallRun();
        var settings = new ReadingSettings { EnvironmentVariable = name => name == "TEXTGAN_DATA" ? data : null };
        var experiments = ExperimentFile.Read(Path.Combine(Repository.Root, "experiments", "preferences.json"), settings);
        var results = run.Run(experiments, new SilentObserver(), default);
        Assert.That(results.Select(result => result.Outcome), Is.EqualTo(new[] { "finished", "finished", "finished" }));
        var evaluations = results.Select(result =>
            SmallRun.Lines(result).First(line => line.Values.ContainsKey("discriminator/helpful/mcNemarBagOfWords")).Values).ToArray();
        foreach (var judge in (string[])["helpful", "harmless"])
            foreach (var found in evaluations)
                if (Margin(found, judge) < 0)
                    Assert.That(found[$"discriminator/{judge}/mcNemarBagOfWords"], Is.GreaterThan(0.05), judge);
        Assert.That(new[] { "helpful", "harmless" }.Max(judge => evaluations.Average(found => Margin(found, judge))), Is.GreaterThan(0));

        static double Margin(IReadOnlyDictionary<string, double> found, string judge) =>
            found[$"discriminator/{judge}/heldOutAccuracyPairs"] - found[$"discriminator/{judge}/heldOutAccuracyBagOfWords"];
    }
}
