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

    /// <summary>
    /// Both from scratch, on real texts: the mediator learns, and so does the generator, without ever reading a real text.
    /// </summary>
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
        "$.regularizers.mediator: there is no data set from which the mediator could learn: the experiment has no 'pretraining'; name " +
        "one as its 'data'.")]
    [TestCase("length=26", "regularizers={\"mediator\":{\"data\":\"tex\"}}",
        "$.regularizers.mediator.data: there is no data set \"tex\"; the experiment's 'data' has 'text' and 'helpfulness'. Did you mean " +
        "'text'?")]
    [TestCase("length=26", "combiner={\"kind\":\"scheduled\",\"weights\":{\"mediator\":1}}",
        "$.combiner.weights.mediator: there is no mediator: give 'regularizers.mediator'.")]
    [TestCase("length=26", "regularizers={\"mediator\":{\"model\":{\"kind\":\"pretrained\",\"path\":\".\"}}}",
        "$.regularizers.mediator.model: a mediator does not begin with a model of a folder; take another kind, or leave it out for a " +
        "copy of the generator.")]
    public void Mistakes_are_told(string first, string second, string message) =>
        Assert.That(() => run.Read(first, second), Throws.TypeOf<InvalidInputException>().With.Message.Contain(message));
}
