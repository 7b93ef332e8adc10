using System.Text.Json.Nodes;

namespace TextGan.Tests.Cli;

/// <summary>The commands that read and tell: validate, list, describe, schema.</summary>
public class InquiryCommandTests
{
    /// <summary>The documents' command line for the plug-in, with a check in the place of the run.</summary>
    [Test]
    public void The_documented_command_loads_its_plug_in()
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, "docs", "plug-ins.md"))
            .Single(text => text.StartsWith("dotnet run", StringComparison.Ordinal)
            && text.Contains("custom-discriminator", StringComparison.Ordinal));
        string[] arguments = [.. line.Split(" -- ")[1].Split(' ').Select(word => word == "run" ? "validate" : word)];
        var checkedFile = CommandRun.In(Repository.Root, null, arguments);
        Assert.That(checkedFile.Code, Is.Zero, checkedFile.Error);
    }

    [Test]
    public void ValidateNamesWhatIsFine()
    {
        using var place = new Workplace();
        Assert.That(CommandRun.In(place.Folder, null, "validate", "--quick"),
            Is.EqualTo(new CommandRun(0, "fine: first\nfine: second\n2 experiments, no problems.\n", "")));
        Assert.That(CommandRun.In(place.Folder, null, "validate", "--only", "first"),
            Has.Property("Output").EndsWith("fine: first\n1 experiment, no problems.\n"));
    }

    [Test]
    public void ValidateReadsWhatARunWouldRead()
    {
        using var place = new Workplace();
        var result = CommandRun.In(place.Folder, null, "validate");
        Assert.That((result.Code, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output,
            Does.StartWith($"first: data 'sentences': 8 texts from {place.At("sentences.txt")}\nfirst: tokenizer: 6 tokens\n"));
        Assert.That(result.Output,
            Does.EndWith("fine: first\nsecond: data and tokenizer: those of an earlier experiment\nfine: second\n2 experiments, no " +
                "problems.\n"));
        Assert.That(Directory.Exists(place.At("runs")), Is.False);
    }

    [Test]
    public void ValidateTellsAllThatIsWrongWithFiles()
    {
        var experiments = JsonNode.Parse(Workplace.Experiments)!;
        experiments["experiments"]![0]!["data"] = JsonNode.Parse("""{ "sentences": { "path": "broken.txt" } }""");
        experiments["experiments"]![1]!["tokenizer"] = JsonNode.Parse("""{ "kind": "sentencepiece", "model": "sentences.txt" }""");
        using var place = new Workplace(experiments.ToJsonString());
        File.WriteAllText(place.At("broken.txt"), "a\n\0\n");
        var result = CommandRun.In(place.Folder, null, "validate");
        Assert.That(result.Code, Is.EqualTo(2));
        Assert.That(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2));
        Assert.That(result.Error, Does.StartWith($"{place.At("broken.txt")}:2: The line has a NUL character")
            .And.Contain($"{place.At("sentences.txt")}: The file is not a SentencePiece model"));
        Assert.That(CommandRun.In(place.Folder, null, "validate", "--quick").Code, Is.Zero);
    }

    [Test]
    public void ValidateMeasuresWhetherMetricsFitTheData()
    {
        var experiments = JsonNode.Parse(Workplace.Experiments)!;
        var first = experiments["experiments"]![0]!;
        // An oracle is an exact source and yet decides no attributes, which only the loaded data show.
        first["data"] = JsonNode.Parse(
            """{ "sentences": { "kind": "oracle-lstm", "vocabulary": 9, "embedding": 3, "hidden": 3, "sentences": 20, "heldOut": 5 } }""");
        first["tokenizer"] = JsonNode.Parse("""{ "kind": "ids", "vocabulary": 9 }""");
        first["evaluation"] = JsonNode.Parse("""{ "metrics": [{ "kind": "attributes", "data": "sentences" }] }""");
        using var place = new Workplace(experiments.ToJsonString());
        Assert.That(CommandRun.In(place.Folder, null, "validate"),
            Has.Property("Code").EqualTo(2).And.Property("Error").Contains("attributes"));
    }

    [Test]
    public void ValidateReportsEveryProblem()
    {
        using var place = new Workplace(Workplace.Experiments.Replace("\"length\": 6", "\"length\": 0, \"lenght\": 6"));
        var result = CommandRun.In(place.Folder, null, "validate");
        Assert.That(result.Code, Is.EqualTo(2));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.Contain("length").And.Contain("Did you mean 'length'?"));
        Assert.That(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.GreaterThanOrEqualTo(2));
        Assert.That(result.Error, Does.Not.Contain("   at "));
    }

    [Test]
    public void AMissingFileIsBadInput()
    {
        using var place = new Workplace();
        Assert.That(CommandRun.In(place.Folder, null, "validate", "no.json"),
            Is.EqualTo(new CommandRun(2, "", "no.json: does not exist.\n")));
        Assert.That(CommandRun.In(place.Folder, null, "validate", "."),
            Is.EqualTo(new CommandRun(2, "", ".: is a folder; an experiment file is needed.\n")));
        File.Delete(place.At("experiments.json"));
        Assert.That(CommandRun.In(place.Folder, null, "validate"),
            Is.EqualTo(new CommandRun(
                2, "", $"experiments.json: is neither in {place.Folder} nor in a folder above; name the experiment file.\n")));
    }

    [Test]
    public void ListShowsExperiments()
    {
        using var place = new Workplace();
        Assert.That(CommandRun.In(place.Folder, null, "list"),
            Is.EqualTo(new CommandRun(0, "first  (seed 1)\n    Maximum likelihood alone.\nsecond  (seeds 1, 2)\n", "")));
    }

    [Test]
    public void ListShowsKindsByFamily()
    {
        var all = CommandRun.Of("list", "--kinds");
        Assert.That(all.Code, Is.Zero);
        Assert.That(all.Output, Does.Contain("generator\n").And.Contain("discriminator\n").And.Match(@"\n    lstm +\w"));
        var one = CommandRun.Of("list", "--kinds", "generator");
        Assert.That(one.Output, Does.StartWith("generator\n    lstm").And.Not.Contain("discriminator\n"));
        var none = CommandRun.Of("list", "--kinds", "generatr");
        Assert.That(none.Code, Is.EqualTo(2));
        Assert.That(none.Error, Does.StartWith("--kinds: there is no family 'generatr'. Did you mean 'generator'? There are "));
    }

    [Test]
    public void DescribeShowsSettings()
    {
        var result = CommandRun.Of("describe", "generator/lstm");
        Assert.That(result.Code, Is.Zero);
        Assert.That(result.Output, Does.StartWith("lstm  (generator)\n    "));
        Assert.That(result.Output, Does.Match(@"\n  hidden: a whole number; .*default \d+\n      \w"));
        Assert.That(result.Output.Split('\n').Select(line => line.Length), Is.All.LessThanOrEqualTo(100));
    }

    [Test]
    public void DescribeShowsSectionsAndFamilies()
    {
        Assert.That(CommandRun.Of("describe", "training").Output, Does.StartWith("training  (section)\n").And.Contain("\n  iterations: "));
        Assert.That(CommandRun.Of("describe", "generator").Output,
            Does.Contain("lstm  (generator)\n").And.Contain("transformer  (generator)\n"));
    }

    [TestCase("modeCollapse", "mode-collapse-guard  (section, in JSON 'modeCollapse')")]
    [TestCase("guards.modeCollapse", "mode-collapse-guard  (section, in JSON 'modeCollapse')")]
    [TestCase("rollBack", "roll-back  (section, in JSON 'rollBack')")]
    [TestCase("training.keepBest", "best-checkpoint  (section, in JSON 'keepBest')")]
    [TestCase("opponents", "opponent  (section, in JSON 'opponents')")]
    [TestCase("pretraining", "pretraining  (section)")]
    [TestCase("evaluation", "evaluation  (section)")]
    public void DescribeFindsTheKeysOfSections(string key, string heading)
    {
        var result = CommandRun.Of("describe", key);
        Assert.That((result.Code, result.Output.Split('\n')[0]), Is.EqualTo((0, heading)), result.Error);
    }

    [Test]
    public void DescribeFindsTheKeysOfComponents()
    {
        Assert.That(CommandRun.Of("describe", "discriminators").Output, Is.EqualTo(CommandRun.Of("describe", "discriminator").Output));
        Assert.That(CommandRun.Of("describe", "temperature").Output, Is.EqualTo(CommandRun.Of("describe", "schedule").Output));
        Assert.That(CommandRun.Of("describe", "transformer").Output,
            Does.Contain("transformer  (discriminator)\n").And.Contain("transformer  (generator)\n"));
        Assert.That(CommandRun.Of("describe", "iterations").Error,
            Is.EqualTo("iterations: this is a setting of 'training'; describe that.\n"));
    }

    [Test]
    public void DescribeRefusesWhatIsNotThere()
    {
        var result = CommandRun.Of("describe", "lsmt");
        Assert.That(result.Code, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("lsmt: there is no such kind, family or section. Did you mean 'lstm'?"));
        Assert.That(CommandRun.Of("describe", "generator/cnn").Code, Is.EqualTo(2));
    }

    [Test]
    public void SchemaIsWrittenToAFileOrTheOutput()
    {
        using var place = new Workplace();
        var written = CommandRun.In(place.Folder, null, "schema");
        Assert.That(written.Code, Is.Zero);
        Assert.That(written.Output, Does.StartWith("Wrote textgan.schema.json."));
        var text = File.ReadAllText(place.At("textgan.schema.json"));
        Assert.That(CommandRun.In(place.Folder, null, "schema", "--output", "-").Output, Is.EqualTo(text));
        Assert.That(JsonNode.Parse(text)!["$schema"]!.GetValue<string>(), Does.StartWith("https://json-schema.org/"));
    }

    [Test]
    public void SchemaSaysWhereItCannotWrite()
    {
        using var place = new Workplace();
        var result = CommandRun.In(place.Folder, null, "schema", "-o", "experiments.json/x.json");
        Assert.That(result.Code, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("experiments.json/x.json: cannot be written: "));
    }
}
