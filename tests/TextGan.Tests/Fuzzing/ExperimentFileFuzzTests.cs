using System.Text;
using TextGan.Experiments.Reading;
using TextGan.Tests.Experiments;

namespace TextGan.Tests.Fuzzing;

/// <summary>Damaged experiment files, beside those of <see cref="ReadingMutationTests"/>: merged lists, variables, edits.</summary>
public class ExperimentFileFuzzTests
{
    const string Linked = """
        { "defaults": { "length": 8, "data": { "t": { "kind": "text", "path": "${FOLDER:-.}/texts.txt" } }, "plugins": ["x.dll"],
            "generator": { "kind": "transformer" } },
          "experiments": [ "other.json", { "name": "a", "extends": "b", "plugins": [] },
            { "name": "b", "seeds": [1, 2], "discriminators": [], "data": null } ] }
        """;

    [TestCase(300), TestCase(1500, Category = "Long")]
    public void Files(int count)
    {
        using var folder = new ExperimentFolder();
        folder.Write("other.json", ExperimentFolder.Valid.Replace("\"valid\"", "\"other\""));
        var files = Mutation.Of([Encoding.UTF8.GetBytes(ExperimentFolder.Valid), Encoding.UTF8.GetBytes(Linked)], "\"kind\":", "${", "//",
            "/*", "\"extends\":\"a\",", "\"../../x.json\",", "\"path\":\"/dev/zero\",");
        var (worked, refused) = Trial.Run(files, count, bytes =>
        {
            File.WriteAllBytes(folder["mutated.json"], bytes);
            ExperimentFile.Read(folder["mutated.json"]);
        }, Encoding.UTF8.GetString);
        Assert.That(refused, Is.GreaterThan(worked).And.GreaterThan(count / 2));
    }

    [TestCase(200), TestCase(1000, Category = "Long")]
    public void Edits(int count)
    {
        using var folder = new ExperimentFolder();
        var path = folder.Write("experiment.json", ExperimentFolder.Valid);
        string[] valid = ["training.iterations=100", "discriminators[0].weight=0.5", "discriminators.better.opponents={\"generated\":1}",
            "data.texts.path=texts.txt", "estimator.temperature=2", "evaluation.metrics[1].orders=[2,3]", "seeds=[7]",
            "generator.kind=transformer"];
        Trial.Run(Mutation.Of([.. valid.Select(Encoding.UTF8.GetBytes)], "kind", "[0]", ".", "=", "$."), count,
            bytes => ExperimentFile.Read(path, new ReadingSettings { Edits = [Encoding.UTF8.GetString(bytes)] }), Encoding.UTF8.GetString);
    }

    [Test]
    public void A_file_without_end_is_refused_soon()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("needs /dev/zero");
        Trial.Run(CsCheck.Gen.Const("/dev/zero"), 1, path => ExperimentFile.Read(path));
    }
}
