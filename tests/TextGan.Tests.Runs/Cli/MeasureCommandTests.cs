using System.Text.Json.Nodes;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Cli;

/// <summary>Gold rewards, distances and fresh discriminators in a run, and measured afterwards.</summary>
public sealed class MeasureCommandTests
{
    const string Metrics = """
        [ { "kind": "nll", "data": "text" },
          { "kind": "gold", "name": "helpful", "data": "text", "judge": { "kind": "attribute", "attribute": "helpful" } },
          { "kind": "gold", "name": "words", "data": "gold" },
          { "kind": "reference-kl" },
          { "kind": "unique-prefixes", "length": 4, "data": "text" },
          { "kind": "fresh-discriminator", "data": "text", "learn": 10, "measure": 10, "steps": 3, "seeds": [1, 2],
            "discriminator": { "kind": "bag", "name": "bag", "embedding": 4, "hidden": 4 } } ]
        """;

    const string GoldData = """{ "kind": "grammar", "set": "helpfulness", "sentences": 60, "heldOut": 20, "seed": 7 }""";

    static SmallRun run = null!;
    static MetricLine[] lines = null!;

    [OneTimeSetUp]
    public void Train()
    {
        run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, $"data.gold={GoldData}", $"evaluation.metrics={Metrics}",
            "training.weightAverage=0.5").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"));
        lines = SmallRun.Lines(result);
    }

    [OneTimeTearDown]
    public void CleanUp() => run.Dispose();

    static CommandRun Measure(params string[] arguments) => CommandRun.In(run.Folder, null, ["measure", "runs/small/1", .. arguments]);

    static Dictionary<string, double> Values(CommandRun result)
    {
        Assert.That(result.Code, Is.Zero, result.Error);
        return JsonNode.Parse(result.Output)!["values"]!.AsObject().ToDictionary(pair => pair.Key, pair => (double)pair.Value!);
    }

    static IReadOnlyDictionary<string, double> Logged(string phase, long step) => lines
        .Single(line => line.Phase == phase && line.Step == step && line.Values.ContainsKey("metric/nll-text")).Values;

    [Test]
    public void Evaluations_of_the_adversarial_phase_have_the_distance_from_its_start()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Logged("adversarial", 0)["metric/reference-kl"], Is.Zero);
            Assert.That(Logged("adversarial", 2)["metric/reference-kl"], Is.Positive);
            Assert.That(Logged("adversarial", 4)["metric/reference-distance"],
                Is.EqualTo(Math.Sqrt(Logged("adversarial", 4)["metric/reference-kl"])));
            Assert.That(lines.Where(line => line.Phase == "pretraining").SelectMany(line => line.Values.Keys),
                Has.None.Contains("reference"));
        });
    }

    [Test]
    public void Gold_rewards_are_at_every_evaluation_and_the_fresh_discriminator_at_the_ends_of_phases()
    {
        var ends = lines.Where(line => line.Values.ContainsKey("metric/fresh-auc-bag")).Select(line => (line.Phase, line.Step)).ToArray();
        Assert.That(ends, Has.Length.EqualTo(2));
        Assert.That(ends[1], Is.EqualTo(("adversarial", 4L)));
        foreach (var line in lines.Where(line => line.Values.ContainsKey("metric/nll-text")))
            Assert.That(line.Values.Keys,
                Is.SupersetOf(new[] { "metric/gold-helpful", "metric/gold-words-raw", "metric/unique-prefixes" }));
    }

    [Test]
    public void Measured_afterwards_the_values_are_those_of_the_run()
    {
        var last = Logged("adversarial", 4);
        var values = Values(Measure());
        Assert.That(values.Keys.Select(name => "metric/" + name), Is.EquivalentTo(last.Keys.Where(name => name.StartsWith("metric/"))));
        Assert.Multiple(() =>
        {
            foreach (var (name, value) in values) Assert.That(value, Is.EqualTo(last["metric/" + name]).Within(1e-6), name);
        });
    }

    [Test]
    public void Training_does_not_notice_what_is_measured()
    {
        using var plain = new SmallRun();
        var result = plain.Run(new SilentObserver(), default, $"data.gold={GoldData}", "training.weightAverage=0.5",
            """evaluation.metrics=[{ "kind": "nll", "data": "text" }, { "kind": "gold", "name": "words", "data": "gold" }]""").Single();
        Assert.That(result.FinalMetrics["nll-text"], Is.EqualTo(Logged("adversarial", 4)["metric/nll-text"]));
    }

    [Test]
    public void The_reference_is_also_that_of_a_run_that_did_not_need_it()
    {
        using var plain = new SmallRun();
        Assert.That(plain.Run(new SilentObserver(), default, "training.keepCheckpoints=9",
            """data.long={ "kind": "labelled", "data": "text", "rule": { "kind": "length", "minimum": 12 } }""").Single().Outcome,
            Is.EqualTo("finished"));
        var result = CommandRun.In(plain.Folder, null, "measure", "runs/small/1", "--metric", "reference-kl", "--step", "0");
        Assert.That(Values(result)["reference-kl"], Is.Zero);
        Assert.That(Values(CommandRun.In(plain.Folder, null, "measure", "runs/small", "--metric", "reference-kl"))["reference-kl"],
            Is.Positive);
        Assert.That(Values(CommandRun.In(plain.Folder, null, "measure", "runs/small", "--metric",
            """{ "kind": "unique-prefixes", "length": 2, "data": "long" }"""))["unique-prefixes-real"], Is.InRange(0, 1),
            "a data set that is made of another one");
    }

    [Test]
    public void A_kind_has_the_runs_own_options_and_json_any()
    {
        Assert.That(Values(Measure("--metric", "fresh-discriminator"))["fresh-learnt-bag"], Is.EqualTo(10));
        var other = Measure("--samples", "30", "--metric",
            """{ "kind": "fresh-discriminator", "against": "reference", "learn": 12, "measure": 20, "steps": 2,""" +
            """ "discriminator": { "kind": "bag", "name": "other" } }""");
        Assert.That(Values(other)["fresh-measured-other"], Is.EqualTo(20));
        Assert.That(other.Error, Does.Contain("run").And.Contain("fresh-auc-other").And.Contain("small/1"));
    }

    [Test]
    public void A_fresh_discriminator_may_read_the_hidden_states_of_the_reference()
    {
        var values = Values(Measure("--metric",
            """{ "kind": "fresh-discriminator", "data": "text", "learn": 10, "measure": 10, "steps": 2,""" +
            """ "discriminator": { "kind": "features", "name": "f", "from": "hidden", "widths": [2], "filters": 4 } }"""));
        Assert.That(values["fresh-auc-f"], Is.InRange(0, 1));
        Assert.That(values["fresh-measured-f"], Is.EqualTo(10));
    }

    [Test]
    public void A_data_file_that_changed_since_is_told()
    {
        using var place = new Workplace();
        Assert.That(CommandRun.In(place.Folder, null, "run", "--only", "first").Code, Is.Zero);
        CommandRun Again() => CommandRun.In(place.Folder, null, "measure", "runs/first/1", "--metric",
            """{ "kind": "nll", "data": "sentences", "split": "train" }""");
        Assert.That(Again().Error, Does.Not.Contain("changed"));
        File.AppendAllText(place.At("sentences.txt"), "the dog sat\n");
        var changed = Again();
        Assert.That(changed.Code, Is.Zero, changed.Error);
        Assert.That(changed.Error, Does.Contain("sentences.txt has changed since the run was made"));
    }

    [Test]
    public void What_is_wrong_is_named()
    {
        Assert.That(Measure("--metric", "fresh").Code, Is.EqualTo(2));
        Assert.That(Measure("--metric", "fresh").Error, Does.Contain("--metric").And.Contain("\"fresh\" is unknown"));
        Assert.That(Measure("--samples", "1").Error, Does.Contain("--samples"));
        Assert.That(CommandRun.In(run.Folder, null, "measure", "nowhere").Error, Does.Contain("nowhere: does not exist."));
    }
}
