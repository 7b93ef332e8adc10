using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>What runs of one command share changes nothing but the time.</summary>
public class SharingTests
{
    const string Dropout = "discriminators.helpful.dropout=0.3", Both = "discriminators.helpful.pretrainingSteps=3";

    /// <summary>
    /// Runs both experiments in one command, and the second one alone; returns what was said and the second one's folders.
    /// </summary>
    static (List<string> Messages, string Together, string Alone) Second(SmallRun run, LoadedExperiment first, LoadedExperiment second)
    {
        IReadOnlyList<RunResult> Go(string folder, SilentObserver observer, params LoadedExperiment[] experiments) => new ExperimentRunner(
            new RunnerOptions { RunsFolder = Path.Combine(run.Folder, folder) }, observer).Run(experiments, default);
        var observer = new SilentObserver();
        var together = Go("together", observer, first, second)[1];
        var alone = Go("alone", new SilentObserver(), second).Single();
        return (observer.Messages, together.Folder, alone.Folder);
    }

    const string Taken = "pretraining of the discriminators: taken from 'first' (same settings and seed)";

    // What discriminators do after their pretraining, and how their judgement is used, does not matter for it. Checkpoints are those
    // of a run of its own: at the beginning where a guard may roll back, and at the end where one is due.
    [TestCase("estimator={\"kind\":\"gumbel-softmax\"}")]
    [TestCase("training.iterations=3", "training.optimizer={\"kind\":\"sgd\",\"learningRate\":0.1}", "normalization={}",
        "regularizers={\"kl\":0.1}")]
    [TestCase("discriminators.real.weight=3", "discriminators.helpful.freezeAfter=1", "discriminators.real.every=2",
        "training.weightAverage=0.5")]
    public void A_run_with_discriminators_that_were_pretrained_before_is_as_if_it_had_done_it(params string[] changes)
    {
        using var run = new SmallRun();
        string[] common = [Dropout, Both, "training.checkpointEvery=3", "guards={\"notANumber\":{\"action\":\"roll-back\"}}",
            "training.keepCheckpoints=100"];
        var (messages, together, alone) = Second(
            run, run.Read([.. common, "name=first"]), run.Read([.. common, "name=second", .. changes]));
        Assert.That(messages, Has.Some.EqualTo(Taken));
        Assert.That(Checkpoint.In(new RunFolder(alone).Checkpoints).Select(c => c.Name),
            Has.Some.EqualTo("discriminator-pretraining-00000000").And.Some.EqualTo("discriminator-pretraining-00000003"));
        // The generator's pretraining is shared as well, from its last checkpoint alone.
        foreach (var before in Checkpoint.In(new RunFolder(alone).Checkpoints).Where(c => c.Name == "pretraining-00000000")) before.Delete(
            );
        RunTrace.AssertSame(together, alone);
    }

    [TestCase("training.batch=7", Description = "real texts in an update")]
    [TestCase("discriminators.real.loss={\"kind\":\"hinge\"}")]
    [TestCase("estimator={\"kind\":\"gumbel-softmax\",\"relaxation\":\"relaxed\"}", Description = "they learn from relaxed tokens")]
    [TestCase("generator.hidden=13")]
    [TestCase("training.checkpointEvery=1", Description = "its checkpoints on the way could not be made up for")]
    public void Discriminators_that_would_be_others_are_trained(params string[] changes)
    {
        using var run = new SmallRun();
        var (messages, together, alone) = Second(run, run.Read("name=first", Both), run.Read(["name=second", Both, .. changes]));
        Assert.That(messages, Has.None.EqualTo(Taken));
        RunTrace.AssertSame(together, alone);
    }

    [Test]
    public void Equal_data_are_loaded_once_and_others_anew()
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        run.Run([run.Read("name=a"), run.Read("name=b", "data.helpfulness.sentences=90"), run.Read("name=c", "training.batch=7"),
            run.Read("name=d", "length=25")], observer, default);
        Assert.That(observer.Messages.Count(message => message.StartsWith("data 'text': ", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(observer.Messages.Count(message => message == "data and tokenizer: those of an earlier experiment"), Is.EqualTo(1));
        var taken = observer.Messages.IndexOf("data and tokenizer: those of an earlier experiment");
        Assert.That(observer.Messages[taken + 1], Is.EqualTo("c, seed 1"));
    }

    [Test]
    public void Materials_are_kept_as_long_as_an_experiment_to_come_needs_them()
    {
        using var run = new SmallRun();
        var hashes = new ContentHashes();
        RunFingerprint[] all =
            [.. ((string[][])[["name=a"], ["name=b", "length=25"], ["name=c"]])
            .Select(changes => RunFingerprint.Of(run.Read(changes), hashes))];
        using var shared = new SharedMaterials(all, hashes, _ => { });
        var first = shared.Load(all[0]);
        shared.Release(all[0]);
        Assert.That(shared.Load(all[1]), Is.Not.SameAs(first));
        shared.Release(all[1]);
        Assert.That(shared.Load(all[2]), Is.SameAs(first));
        using (var rows = first.Encoded["text"].Texts.Range(0, 2)) Assert.That(rows.shape, Is.EqualTo(new long[] { 2, 26 }));
        shared.Release(all[2]);
        Assert.That(() => first.Encoded["text"].Texts.Range(0, 2), Throws.Exception, "disposed of with the last");
    }

    sealed class Thing : IDisposable
    {
        public bool IsGone { get; private set; }

        public void Dispose() => IsGone = true;
    }

    [Test]
    public void A_shared_thing_goes_with_its_last_user()
    {
        using var shared = new Shared<Thing>(["a", "b", "a"]);
        var (a, b, other) = (new Thing(), new Thing(), new Thing());
        shared.Keep("a", a);
        shared.Keep("b", b);
        Assert.That((shared.Users("a"), shared.Users("b"), shared.Users("c")), Is.EqualTo((2, 1, 0)));
        shared.Release("a");
        Assert.That((shared.Find("a"), a.IsGone, b.IsGone), Is.EqualTo((a, false, false)));
        shared.Keep("a", other);
        Assert.That((shared.Find("a"), a.IsGone), Is.EqualTo((other, true)));
        shared.Release("a");
        Assert.That((shared.Find("a"), other.IsGone, shared.Find("b")), Is.EqualTo(((Thing?)null, true, b)));
        shared.Dispose();
        Assert.That(b.IsGone);
    }
}
