using TextGan.Discriminators;
using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

/// <summary>Structured discriminators, discriminators of other runs and metrics that sum over all texts, in whole runs.</summary>
public sealed class ExactRunTests
{
    const string Experiment = """
        {
          "name": "exact", "threads": 1,
          "data": { "world": { "kind": "enumerable", "vocabulary": 3, "sentences": 200, "heldOut": 20 } },
          "tokenizer": { "kind": "ids", "vocabulary": 3 }, "length": 3,
          "generator": { "kind": "lstm", "embedding": 8, "hidden": 12 },
          "pretraining": { "data": "world", "epochs": 1 },
          "discriminators": [
            { "name": "real", "kind": "bag", "data": "world", "structured": true },
            { "name": "other", "kind": "lstm", "data": "world", "embedding": 8, "hidden": 8 }
          ],
          "estimator": { "kind": "reinforce" },
          "regularizers": { "kl": { "kind": "reward", "weight": 1 } },
          "training": { "iterations": 2, "batch": 8 },
          "evaluation": { "every": 1, "samples": 20, "metrics": [
            { "kind": "exact", "data": "world" }, { "kind": "exact-discriminators", "data": "world" },
            { "kind": "exact-curves", "data": "world" } ] }
        }
        """;

    static LoadedExperiment Read(SmallRun run, params string[] edits)
    {
        var file = Path.Combine(run.Folder, "exact.json");
        File.WriteAllText(file, Experiment);
        return ExperimentFile.Read(file, new ReadingSettings { Edits = edits }).Single();
    }

    static RunResult Run(SmallRun run, params string[] edits) => run.Run([Read(run, edits)], new SilentObserver(), default).Single();

    [TestCase("estimator={\"kind\":\"reinforce\"}")]
    [TestCase("estimator={\"kind\":\"gumbel-softmax\"} & regularizers.kl={\"kind\":\"loss\",\"weight\":1," +
        "\"lengthNormalization\":\"none\"}")]
    public void Every_metric_is_measured(string edits)
    {
        using var run = new SmallRun();
        var result = Run(run, edits.Split(" & "));
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var lines = SmallRun.Lines(result);
        Assert.That(lines.Count(line => line.Values.ContainsKey("metric/exact-kl")), Is.EqualTo(4), "once after pretraining");
        var measured = lines.Where(line => line.Values.ContainsKey("metric/exact-real-distance")).ToArray();
        Assert.That(measured.Select(line => line.Step), Is.EqualTo(new[] { 0L, 1, 2 }));
        foreach (var line in measured)
        {
            double Of(string value) => line.Values[$"metric/exact-{value}"];
            Assert.That(Of("tv"), Is.LessThanOrEqualTo(Of("tv-bound")));
            foreach (var judge in (string[])["real", "other"])
            {
                Assert.That(Of($"{judge}-advantage"), Is.LessThanOrEqualTo(Of("tv") + 1e-6));
                Assert.That(Of($"{judge}-reweighted"), Is.LessThanOrEqualTo(Of("log-loss") + 1e-6));
                Assert.That(Of("log-loss") - Of($"{judge}-reweighted-verdict"),
                    Is.GreaterThanOrEqualTo(2 * Math.Pow(Of($"{judge}-advantage"), 2) - 1e-6));
            }
            Assert.That(line.Values.ContainsKey("metric/exact-real-log-p-1"), Is.EqualTo(line.Step == 2));
        }
        // log q is in the logit of the structured one: of 27 texts it is about -ln 27 from the start, the plain one knows nothing yet.
        Assert.That(measured[0].Values["discriminator/real/heldOutScoreReal"], Is.GreaterThan(2));
        Assert.That(File.Exists(Path.Combine(run.Folder, "plots", "exact", "seed-1", "exact.png")), Is.True,
            string.Join(", ", Directory.EnumerateFiles(Path.Combine(run.Folder, "plots"), "*", SearchOption.AllDirectories)));
    }

    const string Optimum = "discriminators.real.structured=false & evaluation.metrics=[{\"kind\":\"exact-optimum\"}]";

    [TestCase("estimator={\"kind\":\"reinforce\"}")]
    [TestCase("estimator={\"kind\":\"gumbel-softmax\"} & regularizers.kl={\"kind\":\"loss\",\"weight\":1," +
        "\"lengthNormalization\":\"none\"}")]
    public void The_distance_to_the_optimum_is_measured(string edits)
    {
        using var run = new SmallRun();
        var result = Run(run, $"{Optimum} & {edits}".Split(" & "));
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var gaps = SmallRun.Lines(result).Select(line => line.Values.GetValueOrDefault("metric/exact-optimum-gap", double.NaN))
            .Where(double.IsFinite).ToArray();
        Assert.That(gaps, Has.Length.EqualTo(3).And.All.Positive);
    }

    [Test]
    public void A_stored_structured_discriminator_reads_the_generator_itself_and_not_its_average()
    {
        using var run = new SmallRun();
        var result = Run(run, "training.weightAverage=0.5", "evaluation.metrics=[]");
        using var stored = StoredRun.Load(result.Folder, CPU, withJudges: true);
        using var scope = NewDisposeScope();
        var texts = new TextBatch(tensor(new long[] { 0, 1, 2, 2, 1, 0 }, [2, 3]), stored.Encoder.Tokenizer.EndId);
        float[] Of(GeneratorLikelihood likelihood)
        {
            using var _ = no_grad();
            return likelihood.OfTexts(texts).data<float>().ToArray();
        }
        var mine = new GeneratorLikelihood(stored.Generator, stored.Encoder.Tokenizer.StartId);
        var read = Of(stored.Judges.Single(judge => judge.Name == "real").Model.Opponent!);
        Assert.That(Of(mine), Is.Not.EqualTo(read).Within(1e-7), "the average");
        ModuleState.Load(stored.Generator, stored.Checkpoint.Read(isVerified: true).Scope("generator"));
        Assert.That(Of(mine), Is.EqualTo(read).Within(1e-6));
    }

    static byte[] Weights(string folder, string name)
    {
        using var stored = StoredRun.Load(folder, CPU, withJudges: true);
        return [.. stored.Judges.Single(judge => judge.Name == name).Model.parameters().SelectMany(one => one.cpu().bytes.ToArray())];
    }

    [Test]
    public void A_discriminator_begins_with_the_weights_of_another_run_and_keeps_them()
    {
        using var run = new SmallRun();
        var first = Run(run);
        var second = Run(run, "name=second", "pretraining=null", "discriminators.real.freezeAfter=0",
            "discriminators.real.start={\"run\":\"runs/exact/1\"}",
            "discriminators.other.start={\"run\":\"runs/exact/1\",\"discriminator\":\"other\",\"step\":1}");
        Assert.That(second.Outcome, Is.EqualTo("finished"), second.Message);
        Assert.That(Weights(second.Folder, "real"), Is.EqualTo(Weights(first.Folder, "real")));
        Assert.That(Weights(second.Folder, "other"), Is.Not.EqualTo(Weights(first.Folder, "other")), "it has learnt");
        // The other run may go; this one resumes with its own checkpoint.
        Assert.That(RunFingerprint.ContentsIn(new(second.Folder))!["$.discriminators[0].start.run"], Has.Length.EqualTo(64));
    }

    [TestCase("discriminators.real.start={\"run\":\"runs/exact/1\",\"discriminator\":\"none\"}", "$.discriminators[0].start.run",
        "checkpoint adversarial-00000002 has no discriminator 'none' that learns; it has other, real.")]
    [TestCase("discriminators.real.start={\"run\":\"runs/exact/1\",\"discriminator\":\"other\"}", "$.discriminators[0].start.run",
        "does not fit this experiment's discriminator 'real': the weight '")]
    [TestCase("discriminators.real.start={\"run\":\"runs/exact/1\"} & tokenizer.vocabulary=4", "$.discriminators[0].start.run",
        "has another tokenizer (3 tokens there and 4 here); a model works only with the tokens that it has learnt.")]
    public void Weights_that_do_not_fit_are_rejected(string edits, string place, string says)
    {
        using var run = new SmallRun();
        Run(run);
        var result = Run(run, [.. edits.Split(" & "), "name=second", "evaluation.metrics=[]"]);
        Assert.That(result.Refused!.Single().Place, Is.EqualTo(place));
        Assert.That(result.Message, Does.Contain(says));
    }

    [TestCase("estimator={\"kind\":\"reinforce\",\"credit\":{\"kind\":\"per-step\"}} & discriminators=[{\"name\":\"s\",\"kind\":\"lstm\"," +
        "\"data\":\"world\",\"output\":\"per-step\",\"structured\":true}]",
        "$.discriminators[0].structured: a structured discriminator gives one logit for a text, but the credit 'per-step' makes its " +
        "rewards of a logit for each token; take the credit 'sequence' or 'rollouts'.")]
    [TestCase("evaluation.metrics=[{\"kind\":\"fresh-discriminator\",\"data\":\"world\",\"discriminator\":{\"kind\":\"bag\"," +
        "\"name\":\"f\",\"structured\":true}}]",
        "$.evaluation.metrics[0].discriminator.structured: a fresh discriminator is trained from random weights and knows texts alone; " +
        "leave it out.")]
    [TestCase("training.weightAverage=0.9",
        "$.evaluation.metrics[1]: compares with the generator that the discriminators learn against and judge, but evaluations read its " +
        "average ('training.weightAverage'); leave one of the two out.")]
    [TestCase(Optimum + " & regularizers.kl=0.5",
        "$.evaluation.metrics[0]: the optimum is not known: the KL is weighed per token; set 'regularizers.kl' to a \"loss\" with " +
        "\"lengthNormalization\": \"none\", or to a \"reward\"; leave the metric out, or change that.")]
    [TestCase(Optimum + " & regularizers={}",
        "$.evaluation.metrics[0]: the optimum is not known: without a KL from the reference ('regularizers.kl') the best text alone is " +
        "the optimum; leave the metric out, or change that.")]
    [TestCase(Optimum + " & regularizers.entropy=0.1",
        "$.evaluation.metrics[0]: the optimum is not known: there are further terms ('regularizers': entropy); leave the metric out, or " +
        "change that.")]
    [TestCase(Optimum + " & discriminators.real.structured=true",
        "$.evaluation.metrics[0]: the optimum is not known: the rewards of the discriminator 'real' change with the generator " +
        "('structured'); leave the metric out, or change that.")]
    [TestCase(Optimum + " & regularizers.kl={\"kind\":\"loss\",\"weight\":1,\"lengthNormalization\":\"none\",\"estimator\":\"k3\"}",
        "$.evaluation.metrics[0]: the optimum is not known: \"k3\" has the gradient of the divergence the other way round " +
        "('regularizers.kl.estimator'); leave the metric out, or change that.")]
    public void What_cannot_go_together_is_rejected(string edits, string says)
    {
        using var run = new SmallRun();
        Assert.That(() => Read(run, edits.Split(" & ")), Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }
}
