using System.Text.Json.Nodes;

namespace TextGan.Tests.Cli;

/// <summary>Sweeps on the command line: listed, run, extended, drawn.</summary>
public sealed class SweepCommandTests
{
    static Workplace Sweeping(string sweep)
    {
        var experiments = JsonNode.Parse(Workplace.Experiments)!;
        experiments["experiments"]![0]!["sweep"] = JsonNode.Parse(sweep);
        return new Workplace(experiments.ToJsonString());
    }

    [Test]
    public void List_shows_what_varies_in_columns()
    {
        using var place = Sweeping("""{ "pretraining.batch": [2, 4], "generator.hidden": [8, 16] }""");
        Assert.That(CommandRun.In(place.Folder, null, "list"), Is.EqualTo(new CommandRun(0, """
            first  (sweep of 4 experiments; seed 1)
                Maximum likelihood alone.
                                         batch  hidden
                first+batch=2+hidden=8       2       8
                first+batch=2+hidden=16      2      16
                first+batch=4+hidden=8       4       8
                first+batch=4+hidden=16      4      16
            second  (seeds 1, 2)

            """, "")));
    }

    [Test]
    public void A_slip_in_a_sweep_is_bad_input()
    {
        using var place = Sweeping("""{ "pretraining.batch": [2, 0] }""");
        Assert.That(CommandRun.In(place.Folder, null, "run", "experiments.json"), Is.EqualTo(new CommandRun(2, "",
            place.At("experiments.json") + ":1: $.experiments[0].sweep['pretraining.batch'][1]: 0 is out of range; expected a whole " +
            "number from 1 to 1000000.\n")));
        Assert.That(Directory.Exists(place.At("runs")), Is.False);
    }

    [Test]
    public void A_sweep_runs_is_extended_and_drawn()
    {
        const string rate = """{ "pretraining.optimizer.learningRate": """;
        using var place = Sweeping(rate + "[0.001, 0.1] }");
        var command = (string[])["run", "--only", "first", "--set", "threads=1"];
        var first = CommandRun.In(place.Folder, null, command);
        Assert.That(first.Code, Is.Zero, first.Error);
        Assert.That(Directory.EnumerateDirectories(place.At("runs")).Select(Path.GetFileName),
            Is.EquivalentTo(["first+learningRate=0.001", "first+learningRate=0.1", "shared"]));
        var config = JsonNode.Parse(File.ReadAllText(place.At("runs", "first+learningRate=0.1", "1", "config.json")))!;
        Assert.That(config["pretraining"]!["optimizer"]!["learningRate"]!.GetValue<double>(), Is.EqualTo(0.1));
        Assert.That(config["swept"]![0]!["value"]!.GetValue<string>(), Is.EqualTo("0.1"));
        Assert.That(Directory.EnumerateFiles(place.At("plots", "experiments")).Select(Path.GetFileName),
            Does.Contain("comparison-sweep-learningRate.png").And.Contain("comparison-sweep-learningRate.svg"));

        var outcome = place.At("runs", "first+learningRate=0.1", "1", "outcome.json");
        var written = File.GetLastWriteTimeUtc(outcome);
        File.WriteAllText(place.At("experiments.json"),
            File.ReadAllText(place.At("experiments.json")).Replace("[0.001,0.1]", "[0.001,0.01,0.1]"));
        var more = CommandRun.In(place.Folder, null, command);
        Assert.That(more.Code, Is.Zero, more.Error);
        Assert.That(Directory.EnumerateDirectories(place.At("runs"), "first+*").Count(), Is.EqualTo(3));
        Assert.That(File.GetLastWriteTimeUtc(outcome), Is.EqualTo(written), "finished runs are kept");
        var one = CommandRun.In(place.Folder, null, [.. command, "--run", "first+learningRate=0.01/1", "--restart"]);
        Assert.That(one.Code, Is.Zero, one.Error);
        var plot = CommandRun.In(place.Folder, null, "plot", "runs/first+learningRate=0.001", "runs/first+learningRate=0.01");
        Assert.That((plot.Code, plot.Output), Is.EqualTo((0, plot.Output)), plot.Error);
        Assert.That(plot.Output, Does.Contain("comparison-sweep-learningRate.png"));
    }

    [TestCase("sweep", "sweep  (section)")]
    [TestCase("sweep-range", "sweep-range  (section)")]
    [TestCase("random-sweep", "random-sweep  (section, in JSON 'random')")]
    public void Describe_explains_sweeps(string name, string start) =>
        Assert.That(CommandRun.Of("describe", name), Has.Property("Code").Zero.And.Property("Output").StartsWith(start + "\n"));
}
