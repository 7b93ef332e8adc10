using TextGan.Tests.Cli;

namespace TextGan.Tests.Runs;

/// <summary>A pretrained model learns a property that a rule checks: texts of its own, split by the rule, labels as it moves.</summary>
public sealed class PropertyRunTests
{
    static string Experiment(string model) => $$"""
        {
          "name": "dogs", "length": 24, "threads": 1,
          "data": {
            "reference": { "kind": "samples", "model": "{{model}}", "count": 60, "heldOut": 20 },
            "property": { "kind": "labelled", "data": "reference", "rule": { "kind": "contains", "text": "Lily" } }
          },
          "tokenizer": { "kind": "pretrained", "path": "{{model}}" },
          "generator": { "kind": "pretrained", "path": "{{model}}" },
          "discriminators": [
            { "name": "coherence", "kind": "cnn", "data": "reference", "embedding": 8, "widths": [2], "filters": [4] },
            { "name": "property", "kind": "bag", "data": "property", "embedding": 8, "hidden": 8, "pretrainingSteps": 2,
              "opponents": { "generated": 0, "rejected": 1 },
              "relabel": { "rule": { "kind": "contains", "text": "Lily" }, "labels": 12 } }
          ],
          "training": { "iterations": 3, "batch": 8 },
          "evaluation": { "every": 2, "samples": 12, "metrics": [
            { "kind": "rules", "rules": { "lily": { "kind": "contains", "text": "Lily" } } },
            { "kind": "model-nll" }, { "kind": "model-nll", "model": "{{model}}", "name": "folder" } ] }
        }
        """;

    [Test]
    public void Runs_from_JSON_and_measures_what_it_says()
    {
        if (SharedData.Find("models/stories260k") is not { } model) { Assert.Ignore("The model stories260k is not there."); return; }
        using var place = new Workplace(Experiment(model.Replace('\\', '/')));
        var run = CommandRun.In(place.Folder, null, "run", "--quiet");
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        var lines = File.ReadLines(place.At("runs", "dogs", "1", "metrics.jsonl")).Select(MetricLine.Parse).ToList();
        var evaluations = lines.Where(line => line.Values.ContainsKey("metric/rule-lily")).ToList();
        Assert.That(evaluations.Select(line => line.Step), Is.EqualTo(new long[] { 0, 2, 3 }));
        foreach (var line in evaluations)
        {
            Assert.That(line.Values["metric/rule-lily"],
                Is.InRange(line.Values["metric/rule-lily-low"], line.Values["metric/rule-lily-high"]));
            Assert.That(line.Samples!["metric/rule-lily"], Is.EqualTo(12));
            // The generator at its start is the model of the folder.
            Assert.That(line.Values["metric/model-nll"], Is.EqualTo(line.Values["metric/model-nll-folder"]));
            Assert.That(line.Values["metric/model-nll"], Is.InRange(0.3, 3));
            Assert.That(line.Values["metric/model-perplexity"], Is.EqualTo(Math.Exp(line.Values["metric/model-nll"])));
        }
        Assert.That(lines.Last(line => line.Values.ContainsKey("discriminator/property/labels")).Values["discriminator/property/labels"],
            Is.EqualTo(12));
        var samples = Directory.GetFiles(place.At("runs", "dogs", "1", "samples")).Order().Select(File.ReadAllText).ToArray();
        var again = CommandRun.In(place.Folder, null, "run", "--quiet", "--runs", "again");
        Assert.That((again.Code, Directory.GetFiles(place.At("again", "dogs", "1", "samples")).Order().Select(File.ReadAllText)),
            Is.EqualTo((0, samples)));
        Assert.That(File.ReadAllText(place.At("runs", "dogs", "1", "data.json")), Does.Contain("\"holding\":"));
    }
}
