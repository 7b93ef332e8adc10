using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Learning.Updates;
using TextGan.Runs;
using TextGan.Schedules;
using TextGan.Tests.Cli;

namespace TextGan.Tests.Experiments;

/// <summary>A sweep becomes one experiment per setting.</summary>
public sealed class SweepTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    public void Dispose() => folder.Dispose();

    static string With(string sweep, Action<JsonObject>? change = null) => ExperimentFolder.Changed(experiment =>
    {
        experiment["sweep"] = JsonNode.Parse(sweep);
        change?.Invoke(experiment);
    }).ToJsonString();

    IReadOnlyList<LoadedExperiment> Read(string sweep, params string[] edits) =>
        folder.Read(With(sweep), new ReadingSettings { Edits = edits });

    static string[] NamesOf(IEnumerable<LoadedExperiment> experiments) => [.. experiments.Select(one => one.Options.Name)];

    string[] Names(string sweep, params string[] edits) => NamesOf(Read(sweep, edits));

    const string Both = """{ "training.batch": [4, 8], "estimator.temperature": { "from": 0.1, "to": 1, "steps": 4, "scale": "log" } }""";

    [Test]
    public void A_grid_has_every_combination_and_the_last_option_varies_fastest()
    {
        var experiments = Read(Both);
        // 10^(-2/3) = 0.2154434690 and 10^(-1/3) = 0.4641588834, to six digits.
        Assert.That(NamesOf(experiments), Is.EqualTo([
            "valid+batch=4+temperature=0.1", "valid+batch=4+temperature=0.215443", "valid+batch=4+temperature=0.464159",
            "valid+batch=4+temperature=1", "valid+batch=8+temperature=0.1", "valid+batch=8+temperature=0.215443",
            "valid+batch=8+temperature=0.464159", "valid+batch=8+temperature=1"]));
        Assert.That(experiments.Select(one => one.Options.Training.Batch), Is.EqualTo([4, 4, 4, 4, 8, 8, 8, 8]));
        Assert.That(experiments.Take(4).Select(one => ((PathwiseOptions)one.Options.Estimator).Temperature),
            Is.EqualTo(new[] { 0.1, 0.215443, 0.464159, 1 }.Select(value => new ConstantScheduleOptions { Value = value })));
        Assert.That(experiments.Select(one => string.Join(' ', one.Options.Seeds)), Is.All.EqualTo("1 2"));
    }

    [TestCase("""{ "training.batch": { "from": 4, "to": 11, "steps": 3 } }""", "4 8 11", Description = "7.5 is rounded away from zero")]
    [TestCase("""{ "training.batch": { "from": 10, "to": 100, "steps": 4, "scale": "log" } }""", "10 22 46 100")]
    [TestCase("""{ "regularizers.entropy": { "from": 0, "to": 1, "steps": 4 } }""", "0 0.333333 0.666667 1")]
    [TestCase("""{ "training.optimizer.learningRate": { "from": 0.00001, "to": 0.1, "steps": 5, "scale": "log" } }""",
        "1e-05 0.0001 0.001 0.01 0.1")]
    [TestCase("""{ "training.batch": [6.4e1, 128.0] }""", "64 128")]
    [TestCase("""{ "training.iterations": [0] }""", "0")]
    public void Values_of_ranges_and_lists(string sweep, string values) =>
        Assert.That(Read(sweep).Select(one => one.Options.Swept.Single().Value), Is.EqualTo(values.Split(' ')));

    [Test]
    public void The_stored_experiment_has_the_values_as_options_and_says_what_varies()
    {
        var one = Read(Both)[1];
        Assert.That(one.Resolved["training"]!["batch"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(one.Resolved["estimator"]!["temperature"]!.ToJsonString(), Is.EqualTo("""{"kind":"constant","value":0.215443}"""));
        Assert.That(one.Resolved["swept"]!.ToJsonString(), Is.EqualTo(
            """[{"option":"training.batch","name":"batch","value":"4","scale":null}""" +
            """,{"option":"estimator.temperature","name":"temperature","value":"0.215443","scale":"log"}]"""));
        Assert.That(one.Resolved.ContainsKey("sweep"), Is.False);
        var again = ExperimentFile.ReadConfig(folder.Write("config.json", one.ToJson()));
        Assert.That((again.Options.Name, again.ToJson()), Is.EqualTo((one.Options.Name, one.ToJson())));
        var plain = folder.One(ExperimentFolder.Valid);
        Assert.That(plain.Resolved.Select(member => member.Key), Has.None.EqualTo("sweep").And.None.EqualTo("swept"));
    }

    [Test]
    public void Sweeping_does_not_change_what_a_run_is()
    {
        var swept = Read("""{ "training.batch": [8] }""").Single();
        var plain = folder.One(ExperimentFolder.Valid, new ReadingSettings { Edits = ["training.batch=8"] });
        var none = new Dictionary<string, string>();
        Assert.That(RunFingerprint.ConfigurationOf(swept.Resolved, none).ToJsonString(),
            Is.EqualTo(RunFingerprint.ConfigurationOf(plain.Resolved, none).ToJsonString()));
    }

    [Test]
    public void Random_settings_depend_on_the_seed_and_stay_when_there_are_more()
    {
        string Sweep(int runs, int seed) => $$"""
            { "random": { "runs": {{runs}}, "seed": {{seed}} }, "training.batch": { "from": 4, "to": 9 },
              "regularizers.entropy": { "from": 0.001, "to": 1, "scale": "log" }, "generator.hidden": [8, 16, 32],
              "length": { "from": 8, "to": 16, "steps": 2 } }
            """;
        var first = Read(Sweep(40, 7));
        Assert.That(first, Has.Count.EqualTo(40));
        Assert.That(Names(Sweep(40, 7)), Is.EqualTo(NamesOf(first)));
        Assert.That(Names(Sweep(10, 7)), Is.EqualTo(NamesOf(first.Take(10))));
        Assert.That(Names(Sweep(10, 8)), Is.Not.EqualTo(NamesOf(first.Take(10))));
        Assert.That(first.Select(one => one.Options.Training.Batch).Distinct().Order(), Is.EqualTo([4, 5, 6, 7, 8, 9]));
        Assert.That(first.Select(one => one.Options.Length).Distinct().Order(), Is.EqualTo([8, 16]));
        var entropies = first.Select(one => one.Options.Regularizers.Entropy).Order().ToArray();
        Assert.That(entropies, Is.All.InRange(0.001, 1));
        // Evenly by ratios: about a third in each power of ten.
        Assert.That(entropies.Count(value => value < 0.01), Is.InRange(6, 21));
        var draw = new SeededRandom(7, "sweep training.batch");
        Assert.That(first[0].Options.Training.Batch, Is.EqualTo((int)Math.Floor(4 + 6 * draw.NextDouble())));
        Assert.That(first[1].Options.Training.Batch, Is.EqualTo((int)Math.Floor(4 + 6 * draw.NextDouble())));
        var share = new SeededRandom(7, "sweep regularizers.entropy").NextDouble();
        Assert.That(first[0].Options.Regularizers.Entropy, Is.EqualTo(Math.Pow(10, 3 * (share - 1))).Within(1e-3).Percent);
    }

    [Test]
    public void A_random_sweep_repeats_no_setting() =>
        Assert.That(Names("""{ "random": { "runs": 3 }, "training.batch": [4, 8, 16] }"""),
            Is.EquivalentTo(["valid+batch=4", "valid+batch=8", "valid+batch=16"]));

    [Test]
    public void Names_have_as_much_of_a_path_as_tells_it_from_the_others() => Assert.Multiple(() =>
    {
        Assert.That(Names("""{ "discriminators.real.weight": [2], "discriminators[1].weight": [3] }""").Single(),
            Is.EqualTo("valid+real.weight=2+discriminators.1.weight=3"));
        Assert.That(Names("""{ "discriminators.better.kind": ["cnn", "lstm"] }"""), Is.EqualTo(["valid+kind=cnn", "valid+kind=lstm"]));
        Assert.That(Names("""{ "discriminators.real.widths": [[2, 3], [2, 3, 4]] }"""),
            Is.EqualTo(["valid+widths=2_3", "valid+widths=2_3_4"]));
        Assert.That(Names("""{ "normalization": [null, {}], "estimator": [{ "kind": "reinforce" }] }""").First(),
            Is.EqualTo("valid+normalization=null+estimator=reinforce"));
        Assert.That(Names("""{ "training.optimizer.beta1": [0.5] }"""), Is.EqualTo(["valid+beta1=0.5"]), "defaults are filled in");
    });

    [Test]
    public void Values_that_cannot_be_in_a_name_have_a_checksum()
    {
        folder.Write("other/texts.txt", "a b\nb c\n");
        Assert.That(Names("""{ "data.texts.path": ["texts.txt", "other/texts.txt"] }"""),
            Is.EqualTo(["valid+path=texts.txt", "valid+path=other-texts-txt-" + Sum("other/texts.txt")]));
        Assert.That(Names("""{ "pretraining.optimizer": [{ "kind": "sgd", "momentum": 0.5 }] }""").Single(),
            Is.EqualTo("valid+optimizer=sgd-" + Sum("""{"kind":"sgd","momentum":0.5}""")));

        static string Sum(string text) => Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..8];
    }

    [Test]
    public void A_name_that_is_too_long_is_cut_and_stays_the_same()
    {
        var name = new string('n', 80);
        string[] Long(string values) => NamesOf(folder.Read(With(
            $$"""{ "training.optimizer.learningRate": {{values}}, "training.batch": [4] }""", experiment => experiment["name"] = name)));
        var one = Long("[0.001]").Single();
        Assert.That(one, Has.Length.EqualTo(100).And.StartsWith(name + "+learningR").And.Match("-[0-9a-f]{8}$"));
        Assert.That(Long("[0.002, 0.001]"), Has.Length.EqualTo(2).And.Member(one).And.Unique);
        Assert.That(folder.Problems(With("""{ "training.batch": [4] }""", experiment => experiment["name"] = name + "n")),
            Is.EqualTo(["experiment.json:1: $.name: the name of an experiment with a sweep has at most 80 characters; this has 81."]));
    }

    [Test]
    public void Adding_a_value_keeps_the_names_of_the_others() =>
        Assert.That(Names("""{ "training.batch": [4, 8, 16], "length": [8] }"""),
            Is.SupersetOf(Names("""{ "training.batch": [8, 16], "length": [8] }""")));

    static IEnumerable<TestCaseData> Slips()
    {
        const string at = "$.sweep['training.batch']", range = """{ "training.batch": { "from": 2, "to": 8, "steps": 3 } }""";
        yield return Slip("5",
            "$.sweep: found the number 5, expected an object of options to vary, such as { \"training.batch\": [64, 128] }.");
        yield return Slip("{}",
            "$.sweep: names no option to vary; for example { \"training.batch\": [64, 128] }, or null for no sweep.");
        yield return Slip("""{ "training.batc": [1] }""",
            "$.sweep['training.batc']: there is no such option: 'training' has no 'batc'; it has 'iterations', 'batch', " +
            "'accumulate', 'generatorSteps', 'optimizer', 'clipGradient', 'weightAverage', 'logEvery', 'checkpointEvery', " +
            "'keepCheckpoints', 'keepBest' and 'conflict'. Did you mean 'batch'?");
        yield return Slip("""{ "discriminators.beter.weight": [1] }""",
            "$.sweep['discriminators.beter.weight']: there is no such option: 'discriminators' has no item named 'beter'; it has 'real' " +
            "and 'better'. Did you mean 'better'?");
        yield return Slip("""{ "training batch": [1] }""",
            "$.sweep['training batch']: \"training batch\" is not the path of an option; expected one such as training.batch, " +
            "discriminators.helpfulness.weight or discriminators[0].weight (items of lists are counted from 0).");
        yield return Slip("""{ "name": ["a"] }""", "$.sweep.name: 'name' cannot be swept.");
        yield return Slip("""{ "seeds": [[1]] }""", "$.sweep.seeds: 'seeds' cannot be swept; every setting runs with each of the " +
            "experiment's seeds.");
        yield return Slip("""{ "sweep": [{}] }""", "$.sweep.sweep: 'sweep' cannot be swept.");
        yield return Slip("""{ "training.batch": 5 }""", at + ": found the number 5, expected a list of values, or a range such as " +
            "{ \"from\": 1, \"to\": 8, \"steps\": 4, \"scale\": \"log\" }.");
        yield return Slip("""{ "device": { "from": 1, "to": 2 } }""",
            "$.sweep.device: found an object, expected a list of values; a range is for numbers, and this is text.");
        yield return Slip("""{ "training.batch": [] }""", at + ": the list is empty; give at least one value.");
        yield return Slip("""{ "training.batch": [4, "8"] }""",
            at + "[1]: found the text \"8\", expected a whole number from 1 to 1000000. Write it without quotes: 8.");
        yield return Slip("""{ "training.batch": [4, 1.5, 0] }""",
            at + "[1]: 1.5 is not a whole number; expected a whole number from 1 to 1000000.",
            at + "[2]: 0 is out of range; expected a whole number from 1 to 1000000.");
        yield return Slip("""{ "training.batch": [4, 8, 4.0] }""", at + "[2]: the value 4 is there twice; each setting runs once.");
        yield return Slip(range.Replace("3", "1"), at + ".steps: 1 is out of range; expected a whole number from 2 to 1000.");
        yield return Slip(range.Replace(", \"steps\": 3", ""), at + ": the key 'steps' is missing; a grid needs the number of values: a " +
            "whole number from 2 to 1000.");
        yield return Slip(range.Replace("3", "9"), // 2, 2.75, 3.5, 4.25, 5, 5.75, 6.5, 7.25, 8
            at + ": the value 4 is there twice, after rounding; take fewer steps.",
            at + ": the value 7 is there twice, after rounding; take fewer steps.");
        yield return Slip(range.Replace("8", "2"), at + ".to: is 2; it must be above 'from', which is 2.");
        yield return Slip(range.Replace("8", "8.5"), at + ".to: 8.5 is not a whole number, as this option is.");
        yield return Slip(range.Replace("from\": 2", "from\": 0"),
            at + ".from: 0 is out of range; expected a whole number from 1 to 1000000.");
        yield return Slip(range.Replace("steps", "stps"),
            at + ".stps: the key \"stps\" is unknown; 'sweep-range' has 'from', 'to', 'steps' " +
            "and 'scale'. Did you mean 'steps'?");
        yield return Slip("""{ "regularizers.entropy": { "from": 0, "to": 1, "steps": 3, "scale": "log" } }""",
            "$.sweep['regularizers.entropy'].from: is 0; on the scale \"log\" it must be above 0.");
        yield return Slip("""{ "training.batch": { "from": 1, "to": 1000, "steps": 1000 }, "length": [8, 16] }""",
            "$.sweep: these are 2000 settings; at most 1000 are allowed. Take fewer values, or draw some at random: \"random\": " +
            "{ \"runs\": 20 }.");
        yield return Slip("""{ "random": { "runs": 5 }, "training.batch": [4, 8] }""",
            "$.sweep.random.runs: is 5, but only 2 different settings were drawn; take fewer runs or more values.");
        yield return Slip("""{ "random": { "runs": 0, "sed": 1 }, "training.batch": [4] }""",
            "$.sweep.random.runs: 0 is out of range; expected a whole number from 1 to 1000.",
            "$.sweep.random.sed: the key \"sed\" is unknown; 'random-sweep' has 'runs' and 'seed'. Did you mean 'seed'?");
        yield return Slip("""{ "estimator.temperature": [1], "estimator": [{ "kind": "reinforce" }] }""",
            "$.sweep.estimator: 'estimator' would replace 'estimator.temperature', which is swept before it; keep one of them, " +
            "or list the outer option first.");
        yield return Slip("""{ "discriminators.real.weight": [1], "discriminators[0].weight": [2] }""",
            "$.sweep['discriminators[0].weight']: 'discriminators[0].weight' would replace 'discriminators.real.weight', which is swept " +
            "before it; keep one of them, or list the outer option first.");
        yield return Slip("""{ "estimator": [{ "kind": "gumbel-softmax" }, { "kind": "reinforce" }], "estimator.temperature": [1] }""",
            "$.sweep['estimator.temperature']: this option is not in every setting: 'estimator' of the kind 'reinforce' has no " +
            "'temperature'; it has 'reward', 'credit', 'rankRescaling', 'baseline', 'loss', 'groupSize', 'epochs', 'minibatches' and " +
            "'truncated'.");

        static TestCaseData Slip(string sweep, params string[] problems) =>
            new TestCaseData(sweep, problems.Select(problem => "experiment.json:1: " + problem).ToArray()).SetArgDisplayNames(sweep);
    }

    [TestCaseSource(nameof(Slips))]
    public void Slips_are_reported(string sweep, string[] problems) => Assert.That(folder.Problems(With(sweep)), Is.EquivalentTo(problems));

    [Test]
    public void All_problems_are_reported_at_once_and_those_of_the_experiment_once_only()
    {
        var problems = folder.Problems(With("""{ "training.batch": [4, 8], "length": [8, 16] }""",
            experiment => experiment["device"] = "gpu"));
        Assert.That(problems.Single(), Does.StartWith("experiment.json:1: $.device: the device \"gpu\" is unknown"));
        Assert.That(folder.Problems(With("""{ "training.batch": [0], "lenght": [8] }""", experiment => experiment["device"] = "gpu")),
            Has.Length.EqualTo(3));
    }

    string[] Chosen(params string[] only) =>
        NamesOf(folder.Read($$"""{ "experiments": [ {{With(Both)}}, {{ExperimentFolder.Changed(one => one["name"] = "other")}} ] }""",
            new ReadingSettings { Only = only }));

    [Test]
    public void Experiments_of_a_sweep_are_chosen_by_name()
    {
        Assert.That(Chosen(), Has.Length.EqualTo(9));
        Assert.That(Chosen("valid"), Has.Length.EqualTo(8));
        Assert.That(Chosen("valid+batch=8+temperature=1", "other"), Is.EqualTo(["valid+batch=8+temperature=1", "other"]));
        Assert.That(Chosen("*temperature=0.1"), Is.EqualTo(["valid+batch=4+temperature=0.1", "valid+batch=8+temperature=0.1"]));
        Assert.That(Chosen("VALID+batch=4*"), Has.Length.EqualTo(4));
        var error = Assert.Throws<InvalidInputException>(() => Chosen("valid+batch=9+temperature=1"))!;
        Assert.That(error.Message, Does.EndWith(
            "no experiment is named \"valid+batch=9+temperature=1\"; there are 'valid' and 'other'. Did you mean " +
            "'valid+batch=4+temperature=1'?"));
    }

    [Test]
    public void Edits_are_of_all_settings_and_may_change_the_sweep() => Assert.Multiple(() =>
    {
        Assert.That(Read(Both, "training.iterations=3", "seeds=[9]").Select(one => (one.Options.Training.Iterations, one.Options.Seeds[0])),
            Is.EqualTo(Enumerable.Repeat((3, 9), 8)));
        Assert.That(Names(Both, "sweep=null"), Is.EqualTo(["valid"]));
        Assert.That(Names(Both, "sweep.training.batch=[16]", "sweep.estimator.temperature=null"), Is.EqualTo(["valid+batch=16"]));
        Assert.That(Names(Both, """sweep={"length":[8]}""", "name=x"), Is.EqualTo(["x+length=8"]));
        Assert.That(Names("""{ "random": { "runs": 3 }, "training.batch": [4, 8, 16] }""", "sweep.random.runs=1"), Has.Length.EqualTo(1));
        Assert.That(folder.Problems(With(Both), new ReadingSettings { Edits = ["estimator.temperature=2"] }), Is.EqualTo([
            "--set estimator.temperature: $.estimator.temperature: the experiment 'valid' sweeps over " +
            "'estimator.temperature'; change that with --set sweep.estimator.temperature=[...], or take the sweep away with --set " +
            "sweep=null."]));
        var settings = new ReadingSettings { Edits = ["""sweep={"length":[8]}"""], Only = ["valid+length=8"] };
        Assert.That(folder.One(ExperimentFolder.Valid, settings).Options.Length, Is.EqualTo(8));
    });

    [Test]
    public void Sweeps_are_merged_like_other_sections()
    {
        var defaults = With("""{ "training.batch": [4, 8], "length": { "from": 8, "to": 16, "steps": 2 } }""", one => one.Remove("name"));
        var list = $$"""
            { "defaults": {{defaults}},
              "experiments": [ { "name": "all" }, { "name": "less", "sweep": { "training.batch": null, "length": { "to": 12 } } },
                { "name": "none", "sweep": null }, { "name": "child", "extends": "less", "sweep": { "length": [9] } } ] }
            """;
        Assert.That(NamesOf(folder.Read(list)), Is.EqualTo([
            "all+batch=4+length=8", "all+batch=4+length=16", "all+batch=8+length=8", "all+batch=8+length=16", "less+length=8",
            "less+length=12", "none", "child+length=9"]));
    }

    [Test]
    public void Paths_of_a_sweep_may_have_variables()
    {
        var settings = new ReadingSettings { EnvironmentVariable = name => name == "TEXTGAN_X" ? folder["texts.txt"] : null };
        var one = folder.Read(With("""{ "data.texts.path": ["${TEXTGAN_X}"] }"""), settings).Single();
        Assert.That(one.Options.Data["texts"], Has.Property("Path").EqualTo(folder["texts.txt"]));
        Assert.That(one.Options.Swept.Single().Value, Is.EqualTo("${TEXTGAN_X}"));
        Assert.That(one.ToJson(), Does.Not.Contain(folder["texts.txt"]));
    }

    [Test]
    public void The_schema_knows_sweeps()
    {
        var checker = new SchemaChecker(TextGan.Experiments.Catalogue.ExperimentSchema.Create());
        Assert.That(checker.Problem(JsonNode.Parse(With("""{ "random": { "runs": 3 }, "a.b": [1, "x"], "c": { "from": 1, "to": 2 } }"""))),
            Is.Null);
        Assert.That(checker.Problem(JsonNode.Parse(With("""{ "a.b": 5 }"""))), Does.Contain("$.sweep"));
        Assert.That(checker.Problem(JsonNode.Parse(With("""{ "a.b": { "from": 1 } }"""))), Does.Contain("to is missing"));
        Assert.That(checker.Problem(JsonNode.Parse("""{ "experiments": [{ "name": "a", "sweep": { "a": null, "b": { "to": 5 } } }] }""")),
            Is.Null);
    }

    /// <summary>A stored setting of a sweep is no sweep of its own: its name and what it notes would be wrong.</summary>
    [Test]
    public void A_setting_is_not_swept_again()
    {
        using var place = new Workplace();
        var stored = ExperimentFile.Read(place.At("experiments.json"),
            new ReadingSettings { Only = ["second"], Edits = ["sweep={\"length\":[6,7]}"] })[0];
        File.WriteAllText(place.At("config.json"), stored.ToJson());
        Assert.That(() => ExperimentFile.Read(place.At("config.json"), new ReadingSettings { Edits = ["sweep={\"length\":[8,9]}"] }),
            Throws.TypeOf<InvalidInputException>().With.Message.EndsWith(
                "'second+length=6' is one setting of a sweep already; sweep the experiment that it comes from."));
    }
}
