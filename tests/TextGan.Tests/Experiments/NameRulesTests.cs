using TextGan.Experiments.Reading;

namespace TextGan.Tests.Experiments;

/// <summary>Names and paths that must work on every operating system, though these tests run on one.</summary>
public sealed class NameRulesTests
{
    [TestCase("CON"), TestCase("con"), TestCase("Prn"), TestCase("AUX"), TestCase("nul"), TestCase("COM1")]
    [TestCase("com9"), TestCase("LPT1"), TestCase("nul.txt"), TestCase("Con.x.y")]
    public void Devices_of_Windows_are_no_names(string name)
    {
        Assert.That(NameRules.IsDevice(name), Is.True);
        Assert.That(NameRules.ProblemOf(name, dots: true), Does.Contain("is that of a device on Windows"));
        Assert.That(NameRules.CanBeFolder(name), Is.False);
    }

    [TestCase("console"), TestCase("com"), TestCase("com10"), TestCase("my.con"), TestCase("nul-text"), TestCase("mle+batch=64")]
    public void Names_that_only_look_like_devices_are_names(string name)
    {
        Assert.That(NameRules.ProblemOf(name, dots: true, isOfSweep: true), Is.Null);
        Assert.That(NameRules.CanBeFolder(name), Is.True);
    }

    [TestCase("a."), TestCase("a. "), TestCase(" a"), TestCase(""), TestCase("."), TestCase(".."), TestCase("a/b"), TestCase(@"a\b"),
        TestCase("a:b"), TestCase("a*"), TestCase("a?"), TestCase("a|b"), TestCase("<a>"), TestCase("\"a\""), TestCase("a\nb")]
    public void What_Windows_takes_otherwise_is_no_folder_and_no_name(string name)
    {
        Assert.That(NameRules.CanBeFolder(name), Is.False);
        Assert.That(NameRules.ProblemOf(name, dots: true), Is.Not.Null);
    }

    [TestCase("my comparison, zweite Fassung ü"), TestCase("2026-11-30")]
    public void Titles_may_be_folders(string name) => Assert.That(NameRules.CanBeFolder(name), Is.True);

    /// <summary>A file that was written on Windows names its data with backslashes, which other systems take for letters.</summary>
    [Test]
    public void Backslashes_in_paths_are_explained()
    {
        if (Path.DirectorySeparatorChar != '/') Assert.Ignore("Backslashes separate folders here.");
        using var folder = new ExperimentFolder();
        Directory.CreateDirectory(folder["data"]);
        File.WriteAllText(folder["data/a.txt"], "text\n");
        string[] Problems(string path) => folder.Problems($$"""
            { "name": "a", "data": { "text": { "kind": "text", "path": "{{path}}" } }, "tokenizer": { "kind": "word" },
              "generator": { "kind": "lstm" }, "pretraining": { "data": "text" } }
            """);
        Assert.That(Problems(@"data\\a.txt").Single(), Does.EndWith(
            @"\a.txt' is not there; separate folders by '/', which every system understands."));
        Assert.That(Problems(@"data\\b.txt").Single(), Does.Contain("is not there").And.Not.Contain("separate folders"));
    }
}
