using TextGan.Cli.Display;
using TextGan.Experiments.Reading;
using TextGan.Runs;

namespace TextGan.Tests.Runs;

/// <summary>Small worlds and the metric "gradient-estimate" in whole runs, and what is said where parts cannot go together.</summary>
public sealed class GradientEstimateRunTests
{
    const string Experiment = """
        {
          "name": "world", "threads": 1,
          "data": {
            "world": { "kind": "enumerable", "vocabulary": 4, "sentences": 200, "heldOut": 20 },
            "rising": { "kind": "enumerable", "vocabulary": 4, "sentences": 200, "heldOut": 20, "attribute": "rising" }
          },
          "tokenizer": { "kind": "ids", "vocabulary": 4 }, "length": 3,
          "generator": { "kind": "lstm", "embedding": 8, "hidden": 12 },
          "pretraining": { "data": "world", "epochs": 1 },
          "discriminators": [
            { "name": "real", "kind": "bag", "data": "world" },
            { "name": "rising", "kind": "lstm", "data": "rising", "embedding": 8, "hidden": 8,
              "opponents": { "generated": 0, "rejected": 1 } }
          ],
          "estimator": { "kind": "reinforce", "baseline": { "kind": "critic" } },
          "regularizers": { "kl": 1 },
          "training": { "iterations": 2, "batch": 8 },
          "evaluation": { "every": 1, "samples": 20, "metrics": [
            { "kind": "gradient-estimate", "estimates": 5, "warmUp": 2 }, { "kind": "attributes", "data": "world" },
            { "kind": "source-nll", "data": "world" } ] }
        }
        """;

    static LoadedExperiment Read(SmallRun run, params string[] edits)
    {
        var file = Path.Combine(run.Folder, "world.json");
        File.WriteAllText(file, Experiment);
        return ExperimentFile.Read(file, new ReadingSettings { Edits = edits }).Single();
    }

    static MetricLine[] Run(SmallRun run, params string[] edits)
    {
        var result = run.Run([Read(run, edits)], new SilentObserver(), default).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        return SmallRun.Lines(result);
    }

    [TestCase("""{"kind":"reinforce","baseline":{"kind":"critic"}}""")]
    [TestCase("""{"kind":"reinforce","credit":{"kind":"rollouts","count":2}}""")]
    [TestCase("""{"kind":"relax","hidden":8}""")]
    [TestCase("""{"kind":"gumbel-softmax"}""")]
    [TestCase("""{"kind":"gumbel-softmax","relaxation":"relaxed","temperature":{"kind":"linear","from":1,"to":0.5}}""")]
    [TestCase("""{"kind":"gumbel-softmax","relaxation":"gumbel-rao","draws":3,"temperature":0.5,"objective":"logit"}""")]
    [TestCase("""{"kind":"gumbel-softmax","relaxation":"gumbel-rao","draws":3,"prefix":"constant"}""")]
    [TestCase("""{"kind":"gumbel-softmax","relaxation":"reinmax"}""")]
    [TestCase("""{"kind":"gumbel-softmax","relaxation":"softmax","prefix":"constant"}""")]
    public void Every_estimator_is_measured_before_the_first_iteration_and_later(string estimator)
    {
        using var run = new SmallRun();
        var measured = Run(run, $"estimator={estimator}").Where(line => line.Values.ContainsKey("metric/gradient-rising-bias")).ToArray();
        Assert.That(measured.Select(line => (line.Phase, line.Step)),
            Is.EqualTo(new[] { ("adversarial", 0L), ("adversarial", 1L), ("adversarial", 2L) }));
        foreach (var line in measured)
            foreach (var judge in (string[])["real", "rising"])
            {
                double Of(string value) => line.Values[$"metric/gradient-{judge}-{value}"];
                Assert.That(Of("norm"), Is.Positive);
                Assert.That(Of("variance"), Is.Positive.And.LessThan(double.PositiveInfinity));
                Assert.That(Of("noise"), Is.EqualTo(Math.Sqrt(Of("variance") / 5)).Within(1e-9));
                Assert.That(Of("single"), Is.InRange(-1, 1));
                Assert.That(line.Samples![$"metric/gradient-{judge}-bias"], Is.EqualTo(5));
            }
        Assert.That(measured[0].Values["metric/source-support"], Is.EqualTo(1), "every text is one of the world");
    }

    /// <summary>A loss that compares with real texts does not matter to a generator that learns from logits.</summary>
    [TestCase("""{"kind":"reinforce"}""")]
    [TestCase("""{"kind":"relax"}""")]
    [TestCase("""{"kind":"gumbel-softmax","objective":"logit"}""")]
    public void A_relativistic_judge_gives_logits(string estimator)
    {
        using var run = new SmallRun();
        Assert.That(() => Read(run, $"estimator={estimator}", """discriminators[0].loss={"kind":"relativistic"}"""), Throws.Nothing);
    }

    /// <summary>What training does is the same with and without the metric, whatever has state or draws numbers.</summary>
    [TestCase("""{"kind":"reinforce","baseline":{"kind":"critic"}}""")]
    [TestCase("""{"kind":"relax","hidden":8}""")]
    public void Training_does_not_notice(string estimator)
    {
        using SmallRun one = new(), other = new();
        static double[] Totals(MetricLine[] lines) =>
            [.. lines.Where(line => line.Values.ContainsKey("total")).Select(line => line.Values["total"])];
        var with = Totals(Run(one, $"estimator={estimator}"));
        var without = Totals(Run(other, $"estimator={estimator}", """evaluation.metrics=[{"kind":"attributes","data":"world"}]"""));
        Assert.That(with, Has.Length.EqualTo(2).And.EqualTo(without));
    }

    [TestCase("""estimator={"kind":"expert-iteration"}""",
        "$.evaluation.metrics[0]: the exact gradient is not known: this estimator names no loss whose expectation it lowers; leave the " +
        "metric out, or change 'estimator'.")]
    [TestCase("""estimator={"kind":"reinforce","reward":"maligan"}""",
        "$.evaluation.metrics[0]: the exact gradient is not known: the reward 'maligan' of a text depends on the others of the batch; " +
        "leave the metric out, or change 'estimator'.")]
    [TestCase("normalization={}",
        "$.evaluation.metrics[0]: the exact gradient is not known: normalised signals are others in each batch; leave the metric or " +
        "'normalization' out.")]
    [TestCase("""discriminators[0].loss={"kind":"relativistic"} & estimator={"kind":"gumbel-softmax"}""",
        "$.evaluation.metrics[0]: the exact gradient is not known: the loss of the discriminator 'real' compares with real texts, which " +
        "are drawn; leave the metric out, or take another loss.")]
    [TestCase("""estimator={"kind":"gumbel-softmax","draws":16}""",
        "$.estimator.draws: is 16, but only the relaxation \"gumbel-rao\" has several draws; leave it out, or take that.")]
    [TestCase("""estimator={"kind":"gumbel-softmax","draws":4}""",
        "$.estimator.draws: is 4, but only the relaxation \"gumbel-rao\" has several draws; leave it out, or take that.")]
    public void What_cannot_go_together_is_rejected(string edit, string says)
    {
        using var run = new SmallRun();
        Assert.That(() => Read(run, edit.Split(" & ")), Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }

    /// <summary>The configuration of a run and the options of a program have every default, and can be read again.</summary>
    [Test]
    public void Draws_that_nobody_asked_for_are_no_mistake()
    {
        using var run = new SmallRun();
        var experiment = run.Read("""estimator={"kind":"gumbel-softmax"}""");
        Assert.That((int)experiment.Resolved["estimator"]!["draws"]!, Is.EqualTo(16));
        var config = Path.Combine(run.Folder, "config.json");
        File.WriteAllText(config, experiment.ToJson());
        Assert.That(() => ExperimentFile.ReadConfig(config), Throws.Nothing);
        Assert.That(() => ExperimentFile.Of([experiment.Options]), Throws.Nothing);
    }

    [TestCase("training.accumulate=2",
        "$.training.accumulate: is 2, but the estimator 'relax' needs all logits of a batch at once; take 1.")]
    [TestCase("""normalization={"order":"sum-then-normalize"}""",
        "$.normalization.order: the estimator 'relax' has a control variate for each discriminator's signal, not for their sum; take " +
        "\"normalize-then-sum\".")]
    public void What_relax_cannot_do_is_rejected(string edit, string says)
    {
        using var run = new SmallRun();
        Assert.That(() => Read(run, """estimator={"kind":"relax"}""", "evaluation.metrics=[]", edit),
            Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }

    [Test]
    public void Too_many_texts_are_rejected_before_anything_is_trained()
    {
        using var run = new SmallRun();
        var result = run.Run([Read(run, "length=10", "data.world.vocabulary=2", "data.rising.vocabulary=2")],
            new SilentObserver(), default).Single();
        Assert.That(result.Message, Does.Contain("metric 'gradient-estimate': a generator of 4 tokens can write more than 250,000 texts " +
            "of 10 tokens, which cannot be summed over; take a smaller vocabulary or 'length', such as 12 and 5."));
    }
}
