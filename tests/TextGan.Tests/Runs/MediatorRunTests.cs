using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Whole runs of cooperative training.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MediatorRunTests : IDisposable
{
    readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    const string Own = "regularizers={\"mediator\":{\"model\":{\"kind\":\"lstm\",\"embedding\":8,\"hidden\":12,\"dropout\":0.5}}}",
        Copy = "regularizers={\"mediator\":{}}";

    static double[] Of(MetricLine[] lines, string name) =>
        [.. lines.Where(line => line.Values.ContainsKey(name)).Select(line => line.Values[name])];

    /// <summary>Both from scratch, on real texts: the mediator learns, and so does the generator, without ever reading a real text.</summary>
    [Test]
    public void A_mediator_alone_teaches_in_the_adversarial_phase()
    {
        var result = run.Run(new SilentObserver(), default, "discriminators=[]", "pretraining=null", "training.iterations=60",
            "training.batch=16", "training.optimizer={\"kind\":\"adam\",\"learningRate\":0.02}",
            "regularizers={\"mediator\":{\"data\":\"text\",\"optimizer\":{\"kind\":\"adam\",\"learningRate\":0.02}}}",
            "evaluation.every=60").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var lines = SmallRun.Lines(result);
        Assert.That(Of(lines, "term/mediator/raw"), Has.Length.EqualTo(60));
        Assert.That(Of(lines, "term/mediator/raw")[0], Is.Zero.Within(1e-6), "the mediator begins as a copy");
        Assert.That(Of(lines, "mediator/loss")[^1], Is.LessThan(Of(lines, "mediator/loss")[0] - 0.5));
        Assert.That(Of(lines, "metric/nll-text") is [var first, .., var last] ? last - first : 0, Is.LessThan(-0.5));
    }

    [Test]
    public void Stops_leave_no_trace([Values(Own, Copy)] string mediator, [Values(1, 3)] int parts)
    {
        var experiment = run.Read(mediator, $"training.accumulate={parts}");
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        Assert.That(straight.Go().Outcome, Is.EqualTo("finished"));
        using var stopped = new InterruptedRun(experiment, Path.Combine(run.Folder, "stopped"));
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 1);
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 3);
        Assert.That(stopped.Go().Outcome, Is.EqualTo("finished"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
        Assert.That(stopped.Messages, Has.Some.StartsWith("resumed at"));
    }

    [TestCase("pretraining=null", "regularizers={\"mediator\":{}}",
        "$.regularizers.mediator: there is no data set from which the mediator could learn: the experiment has no 'pretraining'; name one " +
        "as its 'data'.")]
    [TestCase("length=26", "regularizers={\"mediator\":{\"data\":\"tex\"}}",
        "$.regularizers.mediator.data: there is no data set \"tex\"; the experiment's 'data' has 'text' and 'helpfulness'. Did you mean " +
        "'text'?")]
    [TestCase("length=26", "combiner={\"kind\":\"scheduled\",\"weights\":{\"mediator\":1}}",
        "$.combiner.weights.mediator: there is no mediator: give 'regularizers.mediator'.")]
    [TestCase("length=26", "regularizers={\"mediator\":{\"model\":{\"kind\":\"pretrained\",\"path\":\".\"}}}",
        "$.regularizers.mediator.model: a mediator does not begin with a model of a folder; take another kind, or leave it out for a copy " +
        "of the generator.")]
    public void Mistakes_are_told(string first, string second, string message) =>
        Assert.That(() => run.Read(first, second), Throws.TypeOf<InvalidInputException>().With.Message.Contain(message));

    /// <summary>A discriminator that ranks takes part in runs, with rewards or relaxed tokens, and stops leave no trace.</summary>
    [Test]
    public void Losses_of_features_take_part(
        [Values("ranking", "feature-matching")] string loss, [Values("reinforce", "rollouts", "gumbel-softmax")] string estimator)
    {
        var experiment = run.Read("discriminators[1]={\"kind\":\"bag\",\"name\":\"other\",\"data\":\"text\",\"members\":2}",
            $"discriminators.real.loss={{\"kind\":\"{loss}\"{(loss == "ranking" ? ",\"references\":3,\"comparisons\":4" : "")}}}",
            "discriminators.other.loss={\"kind\":\"feature-matching\",\"discriminatorWeight\":0.1}", estimator switch
            {
                "reinforce" => "estimator={\"kind\":\"reinforce\",\"reward\":\"negative-loss\"}",
                "rollouts" => "estimator={\"kind\":\"reinforce\",\"reward\":\"negative-loss\",\"credit\":{\"kind\":\"rollouts\"," +
                    "\"count\":2,\"lag\":0.8}}",
                _ => "estimator={\"kind\":\"gumbel-softmax\"}",
            });
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        Assert.That(straight.Go() is var result ? result.Outcome : "", Is.EqualTo("finished"), result.Message);
        var lines = File.ReadAllLines(straight.Folder.Metrics).Select(MetricLine.Parse).ToArray();
        Assert.That(Of(lines, "term/real/raw"), Has.Length.EqualTo(4).And.None.NaN);
        Assert.That(Of(lines, "discriminator/real/accuracyReal"), Is.Not.Empty.And.All.InRange(0, 1));
        Assert.That(Of(lines, "discriminator/real/heldOutScoreReal"), loss == "ranking" ? Is.Empty : Is.Not.Empty,
            "logits that do not learn have nothing to say");
        using var stopped = new InterruptedRun(experiment, Path.Combine(run.Folder, "stopped"));
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 3);
        Assert.That(stopped.Go().Outcome, Is.EqualTo("finished"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
    }

    [TestCase("discriminators.real.loss={\"kind\":\"ranking\",\"references\":3}",
        "$.discriminators[0].loss: with this loss the discriminator's logits learn nothing, but the estimator makes its rewards of them; " +
        "take the reward \"negative-loss\", or Gumbel-softmax with the objective \"loss\".")]
    [TestCase("discriminators.real.loss={\"kind\":\"ranking\"}",
        "$.discriminators[0].loss.references: is 16, but an update has 8 real texts, which references and ranked texts share; take fewer " +
        "references, or a larger 'batch'.")]
    [TestCase("discriminators[1]={\"kind\":\"transformer\",\"name\":\"t\",\"data\":\"text\",\"loss\":{\"kind\":\"feature-matching\"}}",
        "$.discriminators[1].loss: compares features of whole texts, and this discriminator shows none; take a \"cnn\", a \"bag\" or an " +
        "\"lstm\" with a logit per sequence, or another loss.")]
    [TestCase("discriminators.real.loss={\"kind\":\"feature-matching\",\"widths\":[1,0]}",
        "$.discriminators[0].loss.widths[1]: is 0; a width is above 0.")]
    public void Mistakes_of_losses_are_told(string change, string message) =>
        Assert.That(() => run.Read(change), Throws.TypeOf<InvalidInputException>().With.Message.Contain(message));
}
