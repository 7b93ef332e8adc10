using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Whole runs with a teacher in a folder: a tiny model with random weights, and eleven tokens.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DistillationRunTests : IDisposable
{
    readonly SmallRun run = new();

    public DistillationRunTests() => TinyModel.Write(Path.Combine(run.Folder, "model"), TinyModel.Llama);

    public void Dispose() => run.Dispose();

    static readonly string[] Tokens = ["tokenizer.vocabulary=11", "length=15"];

    static readonly string[] OnPolicy = [.. Tokens, "discriminators=[]", "pretraining=null",
        "regularizers={\"distillation\":{\"model\":\"model\"}}", "training.optimizer={\"kind\":\"adam\",\"learningRate\":0.02}"];

    const string Context = "pretraining.teacher={\"model\":\"model\",\"share\":0.7,\"context\":3,\"positions\":4}";

    static double[] Of(MetricLine[] lines, string name) =>
        [.. lines.Where(line => line.Values.ContainsKey(name)).Select(line => line.Values[name])];

    [Test]
    public void A_teacher_alone_teaches_in_the_adversarial_phase(
        [Values("reinforce", "gumbel-softmax")] string estimator, [Values("forward", "reverse", "jensen-shannon")] string divergence)
    {
        var result = run.Run(new SilentObserver(), default, [.. OnPolicy, $"regularizers.distillation.divergence={divergence}",
            $"estimator={{\"kind\":\"{estimator}\"}}", "training.iterations=40", "training.batch=16"]).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var values = Of(SmallRun.Lines(result), "term/distillation/raw");
        Assert.That(values, Has.Length.EqualTo(40));
        Assert.That(values[^5..].Average(), Is.Positive.And.LessThan(0.6 * values[..5].Average()));
    }

    [Test]
    public void Without_a_teacher_or_a_discriminator_there_is_no_adversarial_phase()
    {
        var result = run.Run(new SilentObserver(), default, [.. Tokens, "discriminators=[]", "regularizers={\"entropy\":0.1}"]).Single();
        Assert.That(SmallRun.Lines(result).Select(line => line.Phase), Is.All.EqualTo("pretraining"));
    }

    [Test]
    public void A_schedule_weighs_it_beside_discriminators()
    {
        var result = run.Run(new SilentObserver(), default, [.. Tokens,
            "regularizers={\"distillation\":{\"model\":\"model\",\"weight\":0}}",
            "combiner={\"kind\":\"scheduled\",\"weights\":{\"distillation\":{\"kind\":\"linear\",\"from\":2,\"to\":0}}}"]).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        Assert.That(Of(SmallRun.Lines(result), "term/distillation/weight"),
            Is.Ordered.Descending.And.All.InRange(0, 2).And.Some.EqualTo(2));
    }

    [Test]
    public void Stops_leave_no_trace([Values] bool inParts)
    {
        var experiment = run.Read([.. Tokens, Context, "pretraining.patience=3", "pretraining.checkpointEvery=5",
            "regularizers={\"distillation\":{\"model\":\"model\",\"divergence\":\"jensen-shannon\"}}",
            $"training.accumulate={(inParts ? 3 : 1)}", $"pretraining.accumulate={(inParts ? 2 : 1)}",
            "evaluation.metrics=[{\"kind\":\"context-divergence\",\"data\":\"text\",\"model\":\"model\",\"contexts\":[1,2]}]"]);
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        Assert.That(straight.Go().Outcome, Is.EqualTo("finished"));
        using var stopped = new InterruptedRun(experiment, Path.Combine(run.Folder, "stopped"));
        stopped.Go((phase, step) => phase == Phase.Pretraining && step == 7);
        stopped.Go((phase, step) => phase == Phase.Pretraining && step == 20);
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 1);
        Assert.That(stopped.Go().Outcome, Is.EqualTo("finished"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
        Assert.That(stopped.Messages, Has.Some.StartsWith("resumed at"));
        var lines = File.ReadAllLines(straight.Folder.Metrics).Select(MetricLine.Parse).ToArray();
        Assert.That(Of(lines, "generator/heldOutLoss"), Has.Length.EqualTo(2).And.All.Positive);
        Assert.That(Of(lines, "metric/context-kl-student").Concat(Of(lines, "metric/context-kl-teacher-2")), Is.Not.Empty.And.All.Positive);
        var bag = TextGan.Runs.Recording.Checkpoint.In(straight.Folder.Checkpoints)[^1].Read();
        Assert.That(bag.Tensors.Keys, Has.None.Contains("embed_tokens"), "no checkpoint holds the teacher");
        bag.Clear();
    }

    [Test]
    public void A_run_does_not_resume_with_another_teacher()
    {
        string[] edits = [.. OnPolicy, "pretraining={\"data\":\"text\",\"epochs\":1,\"teacher\":{\"model\":\"model\",\"context\":3}}"];
        var first = run.Run(new SilentObserver(), default, edits).Single();
        Assert.That(first.Outcome, Is.EqualTo("finished"), first.Message);
        TinyModel.Write(Path.Combine(run.Folder, "model"), TinyModel.Llama, seed: 2);
        Assert.That(() => run.Run(new SilentObserver(), default, edits), Throws.TypeOf<InvalidInputException>()
            .With.Message.Contain("regularizers.distillation.model: 'model' is not what the run read")
            .And.Message.Contain("pretraining.teacher.model: 'model' is not what the run read"));
    }

    [TestCase("regularizers={\"distillation\":{\"model\":\"nowhere\"}}",
        "$.regularizers.distillation.model: the file 'FOLDER/nowhere' is not there")]
    [TestCase("regularizers={\"distillation\":{}}", "the key 'model' is missing")]
    [TestCase("regularizers={\"distillation\":{\"model\":\"model\",\"beta\":1}}", "$.regularizers.distillation.beta")]
    [TestCase("regularizers={\"distillation\":{\"model\":\"model\",\"divergence\":\"sideways\"}}",
        "$.regularizers.distillation.divergence")]
    [TestCase("combiner={\"kind\":\"scheduled\",\"weights\":{\"distillation\":1}}",
        "$.combiner.weights.distillation: there is no teacher: give 'regularizers.distillation' with its 'model'.")]
    [TestCase("length=65;regularizers={\"distillation\":{\"model\":\"model\"}}",
        "$.regularizers.distillation.model: the model in 'model' reads at most 64 tokens; 'length' is 65.")]
    [TestCase("length=65;evaluation.metrics=[{\"kind\":\"model-nll\",\"model\":\"model\"}]",
        "$.evaluation.metrics[0].model: the model in 'model' reads at most 64 tokens; 'length' is 65.")]
    [TestCase("length=65;discriminators=[{\"kind\":\"language-model\",\"name\":\"t\",\"model\":\"model\"}]",
        "$.discriminators[0].model: the model in 'model' reads at most 64 tokens; 'length' is 65.")]
    [TestCase("discriminators=[{\"kind\":\"features\",\"name\":\"t\",\"data\":\"text\"," +
        "\"model\":\"model\",\"from\":\"hidden\",\"layer\":9}]",
        "$.discriminators[0].layer: is 9, but the model in 'model' has ")]
    [TestCase("pretraining.teacher={\"model\":\"model\",\"context\":16}",
        "$.pretraining.teacher.context: is 16, but a text has 15 tokens ('length'); take at most as many, or leave it out.")]
    [TestCase("pretraining.teacher={\"model\":\"nowhere\"}", "$.pretraining.teacher.model: the file 'FOLDER/nowhere' is not there")]
    [TestCase("pretraining.teacher={\"model\":\"model\",\"share\":1.5}", "$.pretraining.teacher.share")]
    [TestCase("evaluation.metrics=[{\"kind\":\"context-divergence\",\"data\":\"text\",\"model\":\"model\",\"contexts\":[1,15]}]",
        "$.evaluation.metrics[0].contexts[1]: is 15, but a text has 15 tokens ('length'), so that none has more before it.")]
    [TestCase("evaluation.metrics=[{\"kind\":\"context-divergence\",\"data\":\"text\",\"model\":\"model\",\"contexts\":[]}]",
        "$.evaluation.metrics[0].contexts: is empty")]
    public void What_is_wrong_is_said_when_the_experiment_is_read(string edits, string message) =>
        Assert.That(() => run.Read([.. Tokens, .. edits.Split(';')]),
            Throws.TypeOf<InvalidInputException>().With.Message.Contain(message.Replace("FOLDER", run.Folder)));

    [TestCase("regularizers={\"distillation\":{\"model\":\"model\"}}",
        "$.regularizers.distillation.model: the model in 'model' has 11 tokens, the experiment's tokenizer 12; " +
        "a model can read the ids of its own tokenizer only.")]
    [TestCase("pretraining.teacher={\"model\":\"model\"}", "$.pretraining.teacher.model: the model in 'model' has 11 tokens")]
    [TestCase("evaluation.metrics=[{\"kind\":\"context-divergence\",\"data\":\"text\",\"model\":\"model\",\"contexts\":[1]}]",
        "has 11 tokens, the experiment's tokenizer 12")]
    public void A_teacher_with_other_tokens_is_rejected_before_anything_is_trained(string edit, string message)
    {
        string? said;
        try
        {
            said = run.Run(new SilentObserver(), default, [.. Tokens, "tokenizer.vocabulary=12", edit]).Single().Message;
        }
        catch (InvalidInputException bad)
        {
            said = bad.Message;
        }
        Assert.That(said, Does.Contain(message));
        Assert.That(Directory.Exists(Path.Combine(run.Folder, "runs", "small", "1", "checkpoints")), Is.False);
    }
}
