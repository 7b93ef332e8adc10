using System.Text;
using TextGan.Reporting;
using TextGan.Reporting.Documents;

namespace TextGan.Tests.Reporting.Documents;

public sealed class RunSummaryTests : FileTests
{
    const string Log = """
        {"phase":"pretraining","step":10,"seconds":1,"values":{"generator/loss":3}}
        {"phase":"pretraining","step":10,"seconds":1.5,"values":{"metric/nll":2.123456789}}
        {"phase":"adversarial","step":0,"seconds":2,"values":{"metric/nll":2,"metric/late":"NaN","discriminator/d/heldOutScoreReal":0.5}}
        {"phase":"adversarial","step":1,"seconds":3,"values":{"term/d/raw":1,"total":9}}
        {"phase":"adversarial","step":2,"seconds":4,"values":{"term/d/raw":2,"total":9}}
        {"phase":"adversarial","step":2,"seconds":5,"values":{"metric/nll":1.5,"discriminator/d/heldOutScoreReal":0.25}}
        {"phase":"adversarial","step":3,"seconds":6,"values":{"term/d/raw":7,"total":9}}
        {"phase":"adversarial","step":4,"seconds":7,"values":{"term/d/raw":"NaN","total":9}}
        {"phase":"adversarial","step":4,"seconds":8.6,"values":{"metric/nll":1,"metric/late":123456.7}}

        """;

    RunSummary Summary(Func<string, bool> logged, string log = Log, string seed = "7")
    {
        var folder = files.PathOf(Path.Combine("runs", "name", seed));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), log);
        return RunSummary.Of(RunLog.Read(folder), "f", "v", "m", "", logged);
    }

    [Test]
    public void EvaluationsAreKeptAndOtherStepsAreNot()
    {
        var run = Summary(_ => false);
        Assert.That((run.Experiment, run.Seed, run.Seconds, run.Iterations), Is.EqualTo(("name", 7, 9.0, 4.0)));
        Assert.That(run.Pretraining!.Steps, Is.EqualTo(new[] { 10.0 }));
        Assert.That(run.Pretraining.Values, Has.Count.EqualTo(1));
        Assert.That(run.Pretraining.Values["metric/nll"], Is.EqualTo(new double?[] { 2.1235 }), "five digits");
        Assert.That(run.Adversarial!.Steps, Is.EqualTo(new double[] { 0, 2, 4 }));
        Assert.That(run.Adversarial.Values.Keys, Is.EqualTo(new[] { "metric/nll", "metric/late", "discriminator/d/heldOutScoreReal" }));
        Assert.That(run.Adversarial.Values["metric/late"], Is.EqualTo(new double?[] { double.NaN, null, 123460 }),
            "NaN is not 'not measured'");
        Assert.That(run.Adversarial.Values["discriminator/d/heldOutScoreReal"], Is.EqualTo(new double?[] { 0.5, 0.25, null }));
    }

    [Test]
    public void ProcessorTimeIsThatOfThePhase()
    {
        const string Timed = """
            {"phase":"pretraining","step":10,"seconds":90,"processorSeconds":100,"values":{"metric/nll":3}}
            {"phase":"adversarial","step":0,"seconds":2,"processorSeconds":1.5,"values":{"metric/nll":2}}
            {"phase":"adversarial","step":1,"seconds":9,"processorSeconds":4.75,"values":{"metric/nll":1}}

            """;
        double?[]? Of(string log) => Summary(_ => false, log).Adversarial!.Values.GetValueOrDefault("processorSeconds")?.ToArray();
        Assert.That(Of(Timed), Is.EqualTo(new double?[] { 0, 3.25 }), "also after the log of a shared pretraining");
        Assert.That(Of(Log), Is.Null, "a log of an older version");
    }

    [Test]
    public void LoggedValuesAreMeansSinceTheEvaluationBefore()
    {
        var values = Summary(name => name.StartsWith("term/", StringComparison.Ordinal)).Adversarial!.Values;
        Assert.That(values["term/d/raw"], Is.EqualTo(new double?[] { null, 1.5, 7 }));
        Assert.That(values.Keys, Does.Not.Contain("total"));
    }

    [Test]
    public void WhatIsRolledBackIsGone()
    {
        var run = Summary(_ => false, Log + """{"phase":"adversarial","step":2,"seconds":9,"values":{"metric/nll":5}}""" + "\n");
        Assert.That(run.Adversarial!.Steps, Is.EqualTo(new double[] { 0, 2 }));
        Assert.That(run.Adversarial.Values["metric/nll"], Is.EqualTo(new double?[] { 2, 5 }));
    }

    [Test]
    public void ARunWithoutEvaluationsHasNone()
    {
        var run = Summary(_ => true, """{"phase":"adversarial","step":1,"seconds":3,"values":{"total":9}}""" + "\n");
        Assert.That((run.Pretraining, run.Adversarial), Is.EqualTo(((PhaseSummary?)null, (PhaseSummary?)null)));
    }

    [Test]
    public void AFolderWithoutASeedIsRejected() =>
        Assert.That(Assert.Throws<InvalidInputException>(() => Summary(_ => false, seed: "notes"))!.Message,
            Is.EqualTo("name/notes: is not a run folder: its name is not a seed."));

    [Test]
    public void AFileGivesTheSameRunsBack()
    {
        var file = new ResultFile("run | `x` [1, 2]\u202e", [Summary(_ => true) with { Experiment = "a [ b ] \"c\"" }]);
        var json = file.ToJson();
        Assert.That(json, Does.Contain("\"metric/late\": [\"NaN\", null, 123460]").And.Contain("\"steps\": [0, 2, 4]")
            .And.Not.Contain("\u202e").And.EndsWith("}\n"));
        var again = ResultFile.Parse(Encoding.UTF8.GetBytes(json), "r.json");
        Assert.That(again.ToJson(), Is.EqualTo(json));
        Assert.That((again.Command, again.Runs[0].Experiment), Is.EqualTo((file.Command, "a [ b ] \"c\"")));
    }

    [TestCase("", "does not contain any JSON")]
    [TestCase("null", "it is null.")]
    [TestCase("[]", "could not be converted")]
    [TestCase("{}", "missing required properties including: 'command', 'runs'")]
    [TestCase("""{ "command": null, "runs": null }""", "doesn't allow null values")]
    [TestCase("""{ "command": null, "runs": [null] }""", ": a run is null.")]
    [TestCase("""{ "command": null, "runs": [], "more": 1 }""", "The JSON property 'more' could not be mapped")]
    [TestCase("""{ "command": null, "runs": [], "runs": [] }""", "Duplicate property 'runs'")]
    [TestCase("""{ "command": "\ud800", "runs": [] }""", "Path: $.command")]
    [TestCase("""{ "command": null, "runs": [{ "experiment": "a" }] }""", "missing required properties including: 'seed'")]
    public void OtherFilesAreRejected(string json, string reason) =>
        Assert.That(Assert.Throws<InvalidInputException>(() => ResultFile.Parse(Encoding.UTF8.GetBytes(json), "r.json"))!.Message,
            Does.StartWith("r.json: The file is not a summary of runs, as 'textgan summarize' writes it: ").And.EndsWith(".")
            .And.Contain(reason));

    [Test]
    public void FilesThatContradictThemselvesAreRejected()
    {
        var run = Summary(_ => false);
        string Reason(params RunSummary[] runs) => Assert.Throws<InvalidInputException>(() => ResultFile.Parse(
            Encoding.UTF8.GetBytes(new ResultFile(null, runs).ToJson()), "r.json"))!.Message.Split("writes it: ")[1];
        Assert.That(Reason(run, run), Is.EqualTo("'name' has seed 7 twice."));
        Assert.That(Reason(run with { Adversarial = new([1], new Dictionary<string, IReadOnlyList<double?>> { ["x"] = [1, 2] }) }),
            Is.EqualTo("'name', seed 7, has 1 step and 2 values of 'x'."));
        Assert.That(Reason(run with { Adversarial = new([1], new Dictionary<string, IReadOnlyList<double?>> { ["x"] = null! }) }),
            Is.EqualTo("'name', seed 7, has null for 'x'."));
        Assert.That(Reason(run with { Pretraining = new([], new Dictionary<string, IReadOnlyList<double?>>()) }),
            Is.EqualTo("'name', seed 7, has a phase without steps."));
    }
}
