using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Tests.Cli;
using TextGan.Tests.Runs;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Whole runs that answer a data set's prompts, and what is said where they cannot.</summary>
public sealed class PromptedRunTests
{
    const string Experiment = """
        {
          "name": "asked", "length": 8, "prompts": "pairs", "promptLength": 3, "threads": 1,
          "data": { "pairs": { "kind": "preferences", "path": "pairs.jsonl", "heldOut": 0.2 },
                    "answers": { "kind": "text", "format": "json-lines", "path": "answers.jsonl" },
                    "plain": { "kind": "text", "path": "plain.txt" } },
          "tokenizer": { "kind": "word" },
          "generator": { "kind": "lstm", "embedding": 8, "hidden": 8 },
          "pretraining": { "data": "answers", "epochs": 1, "batch": 4 },
          "discriminators": [
            { "name": "real", "kind": "cnn", "data": "answers", "embedding": 8, "widths": [2], "filters": [4], "pretrainingSteps": 1 },
            { "name": "good", "kind": "lstm", "output": "per-step", "data": "pairs", "embedding": 8, "hidden": 8,
              "opponents": { "generated": 1, "rejected": 1 } }
          ],
          "regularizers": { "kl": 0.1, "likelihood": 0.1 },
          "training": { "iterations": 2, "batch": 4 },
          "evaluation": { "samples": 6,
            "metrics": [ { "kind": "nll", "data": "pairs" }, { "kind": "bleu", "data": "pairs" }, { "kind": "novelty", "data": "pairs" } ] }
        }
        """;

    static Workplace Place()
    {
        var place = new Workplace(Experiment);
        File.WriteAllLines(place.At("pairs.jsonl"), Enumerable.Range(0, 10).Select(i =>
            $$"""{"prompt":"what does the {{"abcde"[i % 5]}} say","chosen":"the {{"abcde"[i % 5]}} says yes","rejected":"no {{i}}"}"""));
        File.WriteAllLines(place.At("answers.jsonl"), Enumerable.Range(0, 10).Select(i => i % 2 == 0
            ? $$"""{"prompt":"say {{"abcde"[i % 5]}}","text":"{{"abcde"[i % 5]}} {{i}}"}"""
            : """{"messages":[{"role":"user","content":"say"},{"role":"assistant","content":"yes"}]}"""));
        File.WriteAllText(place.At("plain.txt"), "yes\nno\n");
        return place;
    }

    /// <summary>Of two groups each half is one; the values are those of the responses.</summary>
    [TestCase("estimator={\"kind\":\"gumbel-softmax\"}")]
    [TestCase("estimator={\"kind\":\"reinforce\",\"groupSize\":2}")]
    public void Conflict_is_measured_between_answers_to_prompts(string estimator)
    {
        using var place = Place();
        string[] Logged(string folder, params string[] more)
        {
            var run = CommandRun.In(place.Folder, null, ["run", "--quiet", "--runs", folder, "--set", estimator, .. more]);
            Assert.That(run.Code, Is.Zero, run.Error + run.Output);
            return [.. File.ReadLines(place.At(folder, "asked", "1", "metrics.jsonl")).Select(MetricLine.Parse)
                .Where(line => line.Values.ContainsKey("total")).Select(line => line.WithoutTimes())
                .Select(line => (line with { Values = line.Values.OrderBy(value => value.Key).ToDictionary() }).ToJson())];
        }
        var measured = Logged("measured", "--set", "training.conflict={\"every\":1}");
        string[] values = [.. MetricLine.Parse(measured[^1]).Values.Keys.Where(name => name.StartsWith("conflict/"))];
        Assert.That(values, Has.Length.EqualTo(4 * 3 + 6).And.Contains("conflict/good/halves").And.Contains("conflict/real/kl/cosine"));
        Assert.That(measured.Select(MetricLine.Parse).Select(line => (line with { Values = line.Values
            .Where(value => !values.Contains(value.Key)).ToDictionary() }).ToJson()), Is.EqualTo(Logged("plain")));
        Assert.That(File.Exists(place.At("plots", "asked", "seed-1", "conflict.png")), Is.True);
    }

    [TestCase("estimator={\"kind\":\"gumbel-softmax\"}")]
    [TestCase("estimator={\"kind\":\"expert-iteration\",\"search\":{\"kind\":\"tree\",\"simulations\":3,\"rollout\":0.5}}")]
    [TestCase("estimator={\"kind\":\"reinforce\",\"credit\":{\"kind\":\"rollouts\",\"count\":2}}")]
    public void Responses_to_the_data_s_prompts_are_learnt_and_measured(string estimator)
    {
        using var place = Place();
        var run = CommandRun.In(place.Folder, null, "run", "--quiet", "--set", estimator);
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        var lines = File.ReadLines(place.At("runs", "asked", "1", "metrics.jsonl")).Select(MetricLine.Parse).ToList();
        Assert.That(lines.Last(line => line.Values.ContainsKey("metric/nll-pairs")).Values["metric/nll-pairs"], Is.GreaterThan(0));
        SampleLine[] samples = [.. File.ReadLines(Directory.GetFiles(place.At("runs", "asked", "1", "samples")).Order().Last())
            .Select(SampleLine.Parse)];
        Assert.That(samples.Select(sample => sample.Group), Is.EqualTo(new[] { 0, 1, 0, 1, 0, 1 }), "of two held-out prompts");
        Assert.That(samples.Select(sample => (sample.Group, sample.Prompt)).Distinct().Count(), Is.EqualTo(2));
        var report = JsonNode.Parse(File.ReadAllText(place.At("runs", "asked", "1", "data.json")))!;
        Assert.That((long?)report["sets"]!["pairs"]!["train"]!["cutPrompts"], Is.EqualTo(8), "of five words three are kept");
        Assert.That((string?)report["findings"]![0]!["text"],
            Is.EqualTo("data 'pairs': 8 of 8 prompts and 2 of 2 held-out prompts are longer than 3 tokens ('promptLength'); the last 3 " +
                "are kept"));
        var again = CommandRun.In(place.Folder, null, "run", "--quiet", "--runs", "again", "--set", estimator);
        string[] Samples(string folder) =>
            [.. Directory.GetFiles(place.At(folder, "asked", "1", "samples")).Order().Select(File.ReadAllText)];
        Assert.That((again.Code, Samples("again")), Is.EqualTo((0, Samples("runs"))), "which prompts come when is the seed's");
    }

    [TestCase("discriminators.real.loss={\"kind\":\"non-saturating\"}")]
    [TestCase("discriminators.real.loss={\"kind\":\"bradley-terry\"}", "discriminators.good.loss={\"kind\":\"bradley-terry\"}")]
    public void A_stop_amid_clipped_updates_leaves_no_trace(params string[] more)
    {
        using var place = Place();
        string[] edits =
        [
            "estimator={\"kind\":\"reinforce\",\"loss\":\"clipped\",\"epochs\":2,\"minibatches\":2,\"groupSize\":4}",
                "normalization={\"statistics\":\"group\"}",
            "training.iterations=4", "training.batch=8", "training.checkpointEvery=3", .. more,
        ];
        var experiment = ExperimentFile.Read(place.At("experiments.json"), new ReadingSettings { Edits = edits }).Single();
        using var straight = new InterruptedRun(experiment, place.At("straight"));
        Assert.That(straight.Go().Outcome, Is.EqualTo("finished"));
        using var stopped = new InterruptedRun(experiment, place.At("stopped"));
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 2);
        stopped.Go();
        Assert.That(stopped.Messages, Has.Some.EqualTo("resumed at adversarial step 2"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
    }

    [Test]
    public void Templates_go_with_groups()
    {
        using var place = Place();
        var run = CommandRun.In(place.Folder, null, "run", "--quiet", "--set", "data.pairs.template=plain", "--set",
            "data.answers.template=plain", "--set", "promptLength=4", "--set", "estimator={\"kind\":\"reinforce\",\"groupSize\":4}");
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        SampleLine[] samples = [.. File.ReadLines(Directory.GetFiles(place.At("runs", "asked", "1", "samples")).Order().Last())
            .Select(SampleLine.Parse)];
        Assert.That(samples.Select(sample => sample.Prompt), Is.All.Match("^the [a-e] say Assistant:$"), "the last four words of each");
        var sample = CommandRun.In(place.Folder, null, "sample", "runs/asked/1", "--prompt", "what", "-n", "2");
        Assert.That((sample.Code, sample.Error), Is.EqualTo((0, "")));
        Assert.That(sample.Output, Does.StartWith("Human: what Assistant:"), "the question is written by the template, too");
    }

    const string Preferring = "discriminators=[{\"name\":\"p\",\"kind\":\"bag\",\"embedding\":4,\"hidden\":4,\"pretrainingSteps\":1," +
        "\"loss\":{\"kind\":\"bradley-terry\"},\"teacherPreference\":{\"warmUp\":5,\"teacher\":{\"kind\":\"rule\",\"rule\":" +
        "{\"kind\":\"contains\",\"text\":\"yes\"}}}}]";

    [Test]
    public void A_teacher_prefers_between_responses_to_one_prompt()
    {
        using var place = Place();
        var alone = CommandRun.In(place.Folder, null, "run", "--quiet", "--set", Preferring);
        Assert.That(alone.Code, Is.EqualTo(2), alone.Output);
        Assert.That(alone.Error.ReplaceLineEndings(" "), Does.Contain("$.discriminators[0].teacherPreference: both texts of a pair " +
            "answer"));
        var run = CommandRun.In(place.Folder, null, "run", "--quiet", "--set", Preferring, "--set",
            "estimator={\"kind\":\"reinforce\",\"groupSize\":2}");
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        var lines = File.ReadLines(place.At("runs", "asked", "1", "metrics.jsonl")).Select(MetricLine.Parse).ToList();
        Assert.That(lines.Last(line => line.Values.ContainsKey("discriminator/p/labels")).Values["discriminator/p/labels"],
            Is.EqualTo(9), "5, and 2 of each batch of 4 texts");
    }

    const string PreferringAndAsking = """
        discriminators=[
          {"name":"p","kind":"bag","members":2,"embedding":4,"hidden":4,"pretrainingSteps":2,"loss":{"kind":"bradley-terry"},
           "teacherPreference":{"warmUp":5,"labels":40,"keep":12,"labelNoise":0.2,"teacher":{"kind":"rule",
             "rule":{"kind":"contains","text":"yes"}}}},
          {"name":"q","kind":"bag","data":"pairs","members":2,"embedding":4,"hidden":4,"opponents":{"generated":0,"rejected":1},
           "oracleQuery":{"labels":9,"batch":2,"pool":4,"keep":3,"teacher":{"kind":"rule","rule":{"kind":"contains","text":"the"}}}}]
        """;

    /// <summary>Ends by a signal, with a checkpoint, and by a kill, which leaves the last one: amid the pretraining and the
    /// iterations.</summary>
    [Test]
    public void A_stop_and_a_kill_amid_preferences_and_questions_leave_no_trace()
    {
        using var place = Place();
        string[] edits = [PreferringAndAsking, "estimator={\"kind\":\"reinforce\",\"groupSize\":2}", "training.iterations=6",
            "training.batch=8", "training.checkpointEvery=2", "regularizers={}"];
        var experiment = ExperimentFile.Read(place.At("experiments.json"), new ReadingSettings { Edits = edits }).Single();
        using var straight = new InterruptedRun(experiment, place.At("straight"));
        Assert.That(straight.Go().Outcome, Is.EqualTo("finished"));
        using var stopped = new InterruptedRun(experiment, place.At("stopped"));
        stopped.Go((phase, step) => phase == Phase.DiscriminatorPretraining && step == 1);
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 1);
        var kill = new TimeoutException("killed");
        Assert.That(() => stopped.Go((phase, step) => phase == Phase.Adversarial && step == 4 ? throw kill : false),
            Throws.Exception.SameAs(kill));
        Assert.That(stopped.Go().Outcome, Is.EqualTo("finished"));
        Assert.That(stopped.Messages, Is.SupersetOf((string[])["resumed at adversarial step 1", "resumed at adversarial step 2"]));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
        var lines = File.ReadLines(straight.Folder.Metrics).Select(MetricLine.Parse).ToArray();
        Assert.That(lines.Last(line => line.Values.ContainsKey("discriminator/p/labels")).Values["discriminator/p/labels"], Is.EqualTo(29));
        Assert.That(lines.Last(line => line.Values.ContainsKey("discriminator/q/labels")).Values["discriminator/q/labels"],
            Is.InRange(4, 9));
    }

    [TestCase("data.pairs.template=chatml",
        "$.tokenizer: has no special token \"<|im_start|>\", which the 'template' of a data set puts into")]
    [TestCase("prompts=plain", "$.prompts: the data set 'plain' has no prompts; those that have: 'pairs' and 'answers'.")]
    [TestCase("discriminators[0].data=plain",
        "$.discriminators[0].data: the data set 'plain' has no prompts, so that the discriminator 'real' would tell")]
    [TestCase("prompts=pears", "$.prompts: there is no data set \"pears\"")]
    [TestCase("promptLength=8", "is 8, but a row has 8 tokens ('length'), which prompt and response share; at most 7 are allowed.")]
    public void Prompts_that_are_not_there_are_bad_input(string edit, string problem)
    {
        using var place = Place();
        var run = CommandRun.In(place.Folder, null, "run", "--quiet", "--set", edit);
        Assert.That(run.Code, Is.EqualTo(2), run.Output);
        Assert.That(run.Error.ReplaceLineEndings(" "), Does.Contain(problem));
        Assert.That(File.Exists(place.At("runs", "asked", "1", "metrics.jsonl")), Is.False);
    }
}
