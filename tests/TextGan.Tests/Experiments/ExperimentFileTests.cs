using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Discriminators;
using TextGan.Experiments.Reading;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Optimizers;
using TextGan.Schedules;

namespace TextGan.Tests.Experiments;

public sealed class ExperimentFileTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Test]
    public void Reads_every_part_of_an_experiment()
    {
        var experiment = folder.One(ExperimentFolder.Valid);
        var options = experiment.Options;
        Assert.Multiple(() =>
        {
            Assert.That(options.Seeds, Is.EqualTo([1, 2]));
            Assert.That(options.Data["texts"], Is.TypeOf<TextDataOptions>().With.Property("HeldOut").EqualTo(0.1));
            Assert.That(options.Pretraining!.Optimizer, Is.EqualTo(new SgdOptions { Momentum = 0.5 }));
            Assert.That(options.Discriminators[1], Is.TypeOf<LstmDiscriminatorOptions>());
            Assert.That(options.Discriminators[1].FreezeAfter, Is.EqualTo(10));
            Assert.That(options.Discriminators[1].Opponents, Is.EqualTo(new OpponentOptions { Generated = 1, Rejected = 3 }));
            Assert.That(options.Estimator,
                Is.EqualTo(new PathwiseOptions {
                Relaxation = Relaxation.Relaxed, Temperature = new ExponentialScheduleOptions { From = 2, To = 0.5 } }));
            Assert.That(((ScheduledCombinerOptions)options.Combiner).Weights["entropy"],
                Is.EqualTo(new ConstantScheduleOptions { Value = 0.5 }));
            Assert.That(options.Training.ClipGradient, Is.EqualTo(5), "a default that the file does not name");
            Assert.That(experiment.BaseFolder, Is.EqualTo(Path.GetDirectoryName(folder["experiment.json"])));
        });
    }

    [Test]
    public void The_resolved_experiment_has_every_default_and_reads_back_the_same_from_another_folder()
    {
        var experiment = folder.One(ExperimentFolder.Valid);
        Assert.That((double)experiment.Resolved["training"]!["optimizer"]!["learningRate"]!, Is.EqualTo(1e-4));
        Assert.That((string)experiment.Resolved["combiner"]!["weights"]!["entropy"]!["kind"]!, Is.EqualTo("constant"));
        Assert.That(experiment.Resolved["discriminators"]![0]!["loss"]!.ToJsonString(), Does.StartWith("""{"kind":"hinge"""));

        var again = ExperimentFile.ReadConfig(folder.Write("runs/valid/1/config.json", experiment.ToJson()));
        Assert.Multiple(() =>
        {
            Assert.That(again.Resolved.ToJsonString(), Is.EqualTo(experiment.Resolved.ToJsonString()));
            Assert.That(again.BaseFolder, Is.EqualTo(experiment.BaseFolder));
            Assert.That(again.Options.Discriminators[0].Loss, Is.EqualTo(experiment.Options.Discriminators[0].Loss));
        });
    }

    [Test]
    public void Comments_trailing_commas_a_schema_and_a_byte_order_mark_are_welcome()
    {
        var json = "\uFEFF// before\n" + ExperimentFolder.Valid.Replace(
            "\"plugins\": []", "\"plugins\": [], /* last */ \"$schema\": \"schema.json\",", StringComparison.Ordinal) + "\n// after";
        Assert.That(folder.One(json).Options.Name, Is.EqualTo("valid"));
    }

    [Test]
    public void UTF16_is_named()
    {
        var path = folder.Write("utf16.json", "");
        File.WriteAllText(path, ExperimentFolder.Valid, System.Text.Encoding.Unicode);
        Assert.That(folder.Problems(() => ExperimentFile.Read(path)),
            Is.EqualTo(new[] { "utf16.json:1: : the file is UTF-16 (little-endian); save it as UTF-8." }));
    }

    [Test]
    public void Line_ends_of_CR_alone_are_welcome() => Assert.That(
        folder.One(("// before\n" + ExperimentFolder.Valid).ReplaceLineEndings("\r")).Options.Name, Is.EqualTo("valid"));

    [Test]
    public void Defaults_lie_under_each_experiment()
    {
        var defaults = ExperimentFolder.Changed(experiment => experiment.Remove("name"));
        var read = folder.Read($$"""
            { "defaults": {{defaults}}, "experiments": [
                { "name": "same" },
                { "name": "merged", "training": { "batch": 9 }, "seeds": [7],
                  "estimator": { "kind": "reinforce" }, "generator": { "hidden": 32 },
                  "data": { "more": { "kind": "text", "path": "texts.txt" } },
                  "pretraining": null, "length": null, "normalization": null } ] }
            """);
        var (same, merged) = (read[0].Options, read[1].Options);
        Assert.Multiple(() =>
        {
            Assert.That(same.Training.Batch, Is.EqualTo(4));
            Assert.That(merged.Training.Batch, Is.EqualTo(9), "the experiment's");
            Assert.That(merged.Training.Iterations, Is.EqualTo(5), "the defaults', in the same object");
            Assert.That(merged.Seeds, Is.EqualTo([7]), "a list is replaced");
            Assert.That(merged.Estimator, Is.EqualTo(new PolicyGradientOptions()), "another kind replaces the whole");
            Assert.That(merged.Generator, Is.TypeOf<TextGan.Generators.LstmGeneratorOptions>().With.Property("Hidden").EqualTo(32)
                .And.Property("Embedding").EqualTo(8), "the kind is the defaults'");
            Assert.That(merged.Data.Keys, Is.EqualTo(["texts", "pairs", "more"]));
            Assert.That(merged.Pretraining, Is.Null, "null takes a section away");
            Assert.That(merged.Normalization, Is.Null);
            Assert.That(merged.Length, Is.EqualTo(32), "null takes the file's default away, and the library's comes back");
        });
    }

    [Test]
    public void An_experiment_extends_another_of_its_list()
    {
        var read = folder.Read($$"""
            { "experiments": [
                {{ExperimentFolder.Valid}},
                { "name": "second", "extends": "valid", "training": { "batch": 9 } },
                { "name": "third", "extends": "second", "training": { "iterations": 1 } } ] }
            """);
        Assert.That(read.Select(
            one => (one.Options.Name, one.Options.Description, one.Options.Training.Batch, one.Options.Training.Iterations)),
            Is.EqualTo(new (string, string?, int, int)[]
        {
            ("valid", "All sorts of parts", 4, 5), ("second", null, 9, 5), ("third", null, 9, 1),
        }));
    }

    [Test]
    public void Extending_in_a_circle_or_what_is_not_there_is_refused()
    {
        var problems = folder.Problems("""
            { "experiments": [
                { "name": "first", "extends": "second" },
                { "name": "second", "extends": "first" },
                { "name": "third", "extends": "firsts" } ] }
            """);
        Assert.That(problems, Is.EqualTo(new[]
        {
            """experiment.json:2: $.experiments[0].extends: this ends in a circle: 'first' extends 'second' extends 'first'.""",
            """experiment.json:3: $.experiments[1].extends: this ends in a circle: 'second' extends 'first' extends 'second'.""",
            """experiment.json:4: $.experiments[2].extends: there is no experiment "firsts" in this list; it has 'first' and """ +
            """'second'. Did you mean 'first'?""",
        }));
    }

    [Test]
    public void A_named_file_stands_alone_with_its_own_folder()
    {
        folder.Write("deep/texts.txt", "x");
        folder.Write("deep/pairs.jsonl", "{}");
        folder.Write("deep/one.json", ExperimentFolder.Valid.Replace("\"valid\"", "\"deep\"", StringComparison.Ordinal));
        folder.Write("two.json", $$"""{ "experiments": [ """ +
            $$"""{{ExperimentFolder.Valid.Replace("\"valid\"", "\"two\"", StringComparison.Ordinal)}} ] }""");
        var read = folder.Read($$"""
            { "defaults": { "training": { "batch": 77 } }, "experiments": [ "deep/one.json", { "file": "two.json" },
              {{ExperimentFolder.Valid.Replace(", \"batch\": 4", "", StringComparison.Ordinal)}} ] }
            """);
        Assert.That(read.Select(
            one => (one.Options.Name, one.Options.Training.Batch,
            Path.GetRelativePath(Path.GetDirectoryName(folder["experiment.json"])!, one.BaseFolder))), Is.EqualTo(new[]
        {
            ("deep", 4, "deep"), ("two", 4, "."), ("valid", 77, "."),
        }));
    }

    [Test]
    public void Files_that_are_missing_name_one_another_or_come_twice_are_refused()
    {
        folder.Write("circle.json", """{ "experiments": ["experiment.json", "circel.json", "pairs.jsonl"] }""");
        var problems = folder.Problems("""{ "experiments": ["circle.json"] }""");
        Assert.That(problems[..2], Is.EqualTo(new[]
        {
            "circle.json:1: $.experiments[0]: the file 'experiment.json' is read already; each file can be named once.",
            "circle.json:1: $.experiments[1]: the experiment file 'circel.json' is not there; did you mean 'circle.json'?",
        }));
        Assert.That(problems[2], Does.StartWith("pairs.jsonl:1: $.chosen: the key \"chosen\" is unknown; 'experiment' has 'name', "),
            "a file without experiments is read as one");
        Assert.That(folder.Problems(() => ExperimentFile.Read(folder["experimant.json"])),
            Is.EqualTo(new[] { "experimant.json: the experiment file is not there; did you mean 'experiment.json'?" }));
    }

    [Test]
    public void Only_the_chosen_experiments_are_read()
    {
        var list = $$"""{ "defaults": {{ExperimentFolder.Changed(experiment => experiment.Remove("name"))}}, "experiments": [ """ +
            """{ "name": "a-one" }, { "name": "a-two" }, { "name": "b", "length": "broken" } ] }""";
        Assert.That(Names("a-*"), Is.EqualTo(["a-one", "a-two"]));
        Assert.That(Names("A-TWO", "a-one"), Is.EqualTo(["a-one", "a-two"]));
        Assert.That(folder.Problems(list, new ReadingSettings { Only = ["a-tow", "*", "c*"] }), Is.EqualTo(new[]
        {
            "experiment.json: no experiment is named \"a-tow\"; there are 'a-one', 'a-two' and 'b'. Did you mean 'a-two'?",
            "experiment.json: no experiment is named \"c*\"; there are 'a-one', 'a-two' and 'b'.",
        }));

        IEnumerable<string> Names(params string[] only) =>
            folder.Read(list, new ReadingSettings { Only = only }).Select(one => one.Options.Name);
    }

    [Test]
    public void Plug_ins_are_refused_where_the_policy_says_so()
    {
        var json = ExperimentFolder.Changed(experiment => experiment["plugins"] = new JsonArray("mine.dll")).ToJsonString();
        Assert.That(folder.Problems(json, new ReadingSettings { Plugins = PluginPolicy.Refuse }), Is.EqualTo(new[]
        {
            "experiment.json:1: $.plugins[0]: the plug-in \"mine.dll\" would run code with your rights. If you trust it, add " +
            "--allow-plugins to the command, or --plugin-folder FOLDER to allow only the plug-ins in that folder.",
        }));
    }

    [Test]
    public void A_file_without_files_to_check_needs_none()
    {
        var json = ExperimentFolder.Changed(experiment => experiment["data"]!["texts"]!["path"] = "elsewhere.txt").ToJsonString();
        Assert.That(folder.Problems(json), Has.Length.EqualTo(1)
            .And.Some.Matches("^experiment.json:1: \\$.data.texts.path: the file '.*elsewhere.txt' is not there"));
        Assert.That(folder.One(json, new ReadingSettings { CheckFiles = false }).Options.Data, Has.Count.EqualTo(2));
    }
}
