using System.Text;
using System.Text.Json.Nodes;
using TextGan.Cli;
using TextGan.Cli.Commands;
using TextGan.Reporting;
using TextGan.Runs;
using TextGan.Tests.Reporting;

namespace TextGan.Tests.Cli;

/// <summary>--quiet and --json, which mean the same in all commands that have them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ResultFormTests : IDisposable
{
    readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    CommandRun Run(params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    /// <summary>The one JSON value that is the whole output.</summary>
    JsonNode Json(params string[] arguments)
    {
        var run = Run([.. arguments, "--json"]);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        return JsonNode.Parse(run.Output)!;
    }

    static string[] Texts(JsonNode? array) => [.. array!.AsArray().Select(text => (string)text!)];

    void WriteRuns()
    {
        HandMadeRun.Write(place.At("runs"), "first", 1, "helpful", 0.25, 0.5);
        foreach (var seed in (int[])[1, 2])
            HandMadeRun.Write(place.At("runs"), "second", seed, "helpful", 0.5, 0.5, """{ "discriminators": [] }""");
    }

    [Test]
    public void Lists_are_json()
    {
        var list = Json("list").AsArray();
        Assert.That(list.Select(one => (string?)one!["name"]), Is.EqualTo(new[] { "first", "second" }));
        Assert.That(list[0]!.ToJsonString(),
            Is.EqualTo("""{"name":"first","description":"Maximum likelihood alone.","seeds":[1],"sweep":null,"swept":{}}"""));
        var kinds = Json("list", "--kinds", "combiner").AsArray().Single()!;
        Assert.That((string?)kinds["family"], Is.EqualTo("combiner"));
        Assert.That(kinds["kinds"]!.AsArray().Select(kind => (string?)kind!["name"]), Does.Contain("pcgrad"));
        var sweep = Json("list", "--set", "sweep={\"length\":[5,6]}", "--only", "first").AsArray();
        Assert.That(sweep[1]!["swept"]!.ToJsonString(), Is.EqualTo("""{"length":"6"}"""));
    }

    [Test]
    public void What_validation_finds_is_its_result()
    {
        Assert.That(Json("validate").ToJsonString(), Is.EqualTo("""{"valid":true,"experiments":["first","second"],"problems":[]}"""));
        Assert.That(Run("validate", "--quiet"), Is.EqualTo(new CommandRun(0, "", "")));
        var wrong = Run("validate", "--json", "--set", "lenght=7");
        Assert.That((wrong.Code, wrong.Error), Is.EqualTo((2, "")));
        var json = JsonNode.Parse(wrong.Output)!;
        Assert.That((bool)json["valid"]!, Is.False);
        Assert.That((string?)json["problems"]![0]!["place"], Does.Contain("--set"));
        Assert.That((string?)json["problems"]![0]!["message"], Does.Contain("length"));
        Assert.That(Run("validate", "--quiet", "--set", "lenght=7").Error, Does.Contain("length"), "errors are said in any case");
    }

    [Test]
    public void Warnings_about_data_are_on_standard_error_where_only_results_are_wanted()
    {
        string[] arguments = ["validate", "--only", "first", "--set", "tokenizer.vocabulary=3"]; // one word beside the special tokens
        Assert.That(Run(arguments).Output, Does.Contain("first: warning: "));
        var quiet = Run([.. arguments, "--quiet"]);
        Assert.That((quiet.Code, quiet.Output), Is.EqualTo((0, "")));
        Assert.That(quiet.Error, Does.StartWith("first: warning: "));
        var json = Run([.. arguments, "--json"]);
        Assert.That((bool)JsonNode.Parse(json.Output)!["valid"]!, Is.True);
        Assert.That(json.Error, Is.EqualTo(quiet.Error));
    }

    [Test]
    public void Doctor_tells_facts_by_name()
    {
        var facts = Json("doctor");
        Assert.That(facts["problem"], Is.Null);
        Assert.That((string?)facts["cpu"], Is.EqualTo("works"));
        Assert.That((string?)facts["TorchSharp"], Does.Match(@"^\d+\.\d+"));
    }

    [Test]
    public void Commands_that_write_files_name_them()
    {
        WriteRuns();
        var report = Json("report", "runs", "-o", "here.html");
        Assert.That((string?)report["file"], Is.EqualTo(place.At("here.html")));
        Assert.That(((int)report["runs"]!, (long)report["bytes"]! > 1000), Is.EqualTo((3, true)));
        Assert.That((string?)report["experiments"]![0]!["sentence"], Is.EqualTo("first: helpful .25 -> .50"));
        Assert.That(Run("report", "runs", "-q"), Is.EqualTo(new CommandRun(0, "", "")));
        var files = Texts(Json("plot", "runs/first/1"));
        Assert.That(files, Is.Not.Empty);
        Assert.That(files.All(File.Exists), Is.True);
    }

    [Test]
    public void A_front_tells_who_is_dominated()
    {
        foreach (var (name, helpful, harmless) in ((string, double, double)[])[("good", 0.75, 0.5), ("bad", 0.25, 0.25)])
            foreach (var seed in (int[])[1, 2])
            {
                Dictionary<string, double> values = new() { ["helpful"] = helpful + seed / 64.0, ["harmless"] = harmless };
                HandMadeRun.Write(place.At("runs"), name, seed, [values, values]);
            }
        var front = Json("front", "runs");
        Assert.That(front["metrics"]!.ToJsonString(), Is.EqualTo("[{\"name\":\"helpful\",\"better\":\"higher\",\"reference\":0.265625}," +
            "{\"name\":\"harmless\",\"better\":\"higher\",\"reference\":0.25}]"), "the worst value of any run");
        var bad = front["experiments"]!.AsArray().Single(one => (string?)one!["name"] == "bad")!;
        Assert.That(bad["dominatedBy"]!.ToJsonString(), Is.EqualTo("""[{"name":"good","worstSeedAboveBest":true}]"""));
        Assert.That(bad["values"]!["helpful"]!.ToJsonString(),
            Is.EqualTo("""{"mean":0.2734375,"low":0.265625,"high":0.28125,"count":2}"""));
        // (.7734375 - .265625) · (.5 - .25)
        Assert.That((double)front["hypervolumes"]![0]!["ofMeans"]!, Is.EqualTo(0.5078125 * 0.25).Within(1e-12));
        Assert.That(Texts(front["files"]).Select(Path.GetFileName), Does.Contain("front.csv"));
    }

    static RunStarter Starter(Workplace place, params (string Name, int Seed)[] runs) => (_, sink, _, _) =>
    {
        sink.Warn("most is unknown");
        sink.Receive(new RunEvent.AllEnded([.. runs.Select(run => place.At("runs", run.Name, $"{run.Seed}"))]));
        return [.. runs.Select(run => new RunResult(run.Name, run.Seed, "finished", null, place.At("runs", run.Name, $"{run.Seed}"),
            new Dictionary<string, double> { ["helpful"] = 0.5, ["distinct-4"] = double.NaN })
        {
            Missing = new Dictionary<string, string> { ["distinct-4"] = "no sample has 4 tokens" },
        })];
    };

    [Test]
    public void A_run_ends_with_what_changed_and_where_the_report_is()
    {
        WriteRuns();
        var run = CommandRun.In(place.Folder, Starter(place, ("first", 1), ("second", 1), ("second", 2)), "run", "--quiet");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "warning: most is unknown\n")));
        var report = place.At("plots", "experiments", "report.html");
        Assert.That(run.Output, Does.EndWith($"""

            first: helpful .25 -> .50
            second (control: no judges, 2 seeds): no change beyond spread; helpful .50 -> .50 (.00 ±.00, within spread)
            {ExperimentChange.Legend}

            3 runs finished in 0:00. Runs: {place.At("runs")}, plots: {place.At("plots")}, report: {report}.

            """.ReplaceLineEndings("\n")));
        Assert.That(File.Exists(report), Is.True);
    }

    [Test]
    public void A_run_as_json_is_one_value_and_warnings_are_on_standard_error()
    {
        WriteRuns();
        var run = CommandRun.In(place.Folder, Starter(place, ("second", 1), ("second", 2)), "run", "--json");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "warning: most is unknown\n")));
        var json = JsonNode.Parse(run.Output)!;
        Assert.That(json["runs"]![1]!.ToJsonString(), Is.EqualTo(
            "{\"experiment\":\"second\",\"seed\":2,\"outcome\":\"finished\",\"message\":null," +
            $"\"folder\":\"{place.At("runs", "second", "2")}\",\"isEarlier\":false,\"metrics\":{{\"helpful\":0.5,\"distinct-4\":null}}," +
            "\"samples\":{},\"missing\":{\"distinct-4\":\"no sample has 4 tokens\"}}"));
        Assert.That(json["experiments"]![0]!["metrics"]!.ToJsonString(), Is.EqualTo(
            "[{\"name\":\"helpful\",\"better\":\"higher\",\"seedCount\":2,\"start\":0.5,\"end\":0.5,\"change\":0,\"low\":0,\"high\":0," +
            "\"isBeyondSpread\":false}]"));
        Assert.That((string?)json["experiments"]![0]!["control"], Is.EqualTo("no judges"));
        Assert.That((string?)json["report"], Is.EqualTo(place.At("plots", "experiments", "report.html")));
        Assert.That(json["seconds"], Is.Not.Null);
    }

    [Test]
    public void A_run_without_a_report_has_none_in_its_json()
    {
        var run = CommandRun.In(place.Folder, (_, _, _, _) => [], "run", "--json");
        Assert.That(JsonNode.Parse(run.Output)!["report"], Is.Null);
    }

    /// <summary>In a code page that lacks characters JSON has them as escapes; in UTF-8 as they are.</summary>
    [TestCase("utf-8", "für 漢字")]
    [TestCase("utf-16", "für 漢字")]
    [TestCase("iso-8859-1", "f\\u00FCr \\u6F22\\u5B57")]
    [TestCase("us-ascii", "f\\u00FCr \\u6F22\\u5B57")]
    public void No_character_is_lost_in_a_code_page(string encoding, string shown)
    {
        File.WriteAllText(place.At("experiments.json"), Workplace.Experiments.Replace("Maximum likelihood alone.", "für 漢字"));
        using var stream = new MemoryStream();
        using (var output = new StreamWriter(stream, Encoding.GetEncoding(encoding)))
        {
            Assert.That(Application.Run(["list", "--json"],
                new Terminal(output, TextWriter.Null, new ManualTime(), place.Folder) { Variable = _ => null }), Is.Zero);
        }
        var text = Encoding.GetEncoding(encoding).GetString(stream.ToArray()).TrimStart('\uFEFF');
        Assert.That(text, Does.Contain($"\"description\": \"{shown}\""));
        Assert.That((string?)JsonNode.Parse(text)![0]!["description"], Is.EqualTo("für 漢字"));
    }
}
