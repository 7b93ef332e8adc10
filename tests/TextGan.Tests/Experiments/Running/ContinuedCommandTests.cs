using TextGan.Experiments.Running;
using TextGan.Problems;
using TextGan.Training;

namespace TextGan.Tests.Experiments.Running;

/// <summary>The same command given again: what is done is not done again, what was begun goes on, what does not belong together is refused.</summary>
public class ContinuedCommandTests
{
    static readonly string[] Brief = ["pretraining.epochs=1", "training.iterations=2", "evaluation.samples=4"];

    [Test]
    public void A_finished_run_is_recognised_and_still_compared()
    {
        using var run = new SmallRun();
        var experiment = run.Read([.. Brief, "seeds=[1,2]"]);
        var first = run.Run([experiment], new SilentObserver(), default);
        var written = Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        Directory.Delete(Path.Combine(run.Folder, "plots", "comparison"), recursive: true);

        var observer = new SilentObserver { OnStep = (_, _) => Assert.Fail("nothing is trained") };
        var second = run.Run([run.Read([.. Brief, "seeds=[1,2]", "description=another"])], observer, default);
        Assert.That(second.Select(r => r.Outcome), Is.EqualTo(new[] { "finished", "finished" }));
        Assert.That(second.Select(r => r.IsEarlier), Is.All.True);
        Assert.That(second.Select(r => r.FinalMetrics), Is.EqualTo(first.Select(r => r.FinalMetrics)));
        Assert.That(Directory.EnumerateFiles(Path.Combine(run.Folder, "plots", "comparison"), "*.png"), Is.Not.Empty);
        Assert.That(written.Keys.Where(file => !file.Contains("comparison") && !file.Contains(".lock") && !file.EndsWith("small.json") && File.GetLastWriteTimeUtc(file) != written[file]), Is.Empty);
    }

    [Test]
    public void Restart_begins_anew()
    {
        using var run = new SmallRun();
        run.Run([run.Read(Brief)], new SilentObserver(), default);
        var trained = new HashSet<(Phase, long)>();
        var again = run.Run([run.Read(Brief)], new SilentObserver { OnStep = (phase, step) => trained.Add((phase, step)) }, default, restart: true).Single();
        Assert.That((again.IsEarlier, trained.Count), Is.EqualTo((false, 13 + 2 + 2)), "200 texts in batches of 16, two updates of discriminators, two iterations");
    }

    [Test]
    public void Another_configuration_is_neither_mixed_nor_overwritten()
    {
        using var run = new SmallRun();
        var result = run.Run([run.Read(Brief)], new SilentObserver(), default).Single();
        var before = RunTrace.Of(result.Folder);
        var refused = Assert.Throws<InvalidInputException>(() =>
            run.Run([run.Read([.. Brief, "training.iterations=3", "generator.hidden=16"])], new SilentObserver { OnStep = (_, _) => Assert.Fail("nothing is trained") }, default))!;
        Assert.That(refused.Message, Is.EqualTo(
            $"{result.Folder}: holds a run of another configuration (generator.hidden is 12 there and 16 here; training.iterations is 2 there and 3 here). " +
            "Begin it anew with --restart --only small, which deletes that run's files, or give the experiment another name, or choose another folder with --runs."));
        Assert.That(RunTrace.Of(result.Folder), Is.EqualTo(before));
    }

    [Test]
    public void A_pretraining_is_shared_with_a_run_that_an_earlier_command_finished()
    {
        using var run = new SmallRun();
        string[] other = [.. Brief, "name=second", "training.optimizer={\"kind\":\"sgd\"}"];
        var together = run.Run([run.Read([.. Brief, "name=first"]), run.Read(other)], new SilentObserver(), default)[1];
        using var apart = new SmallRun();
        apart.Run([apart.Read([.. Brief, "name=first"])], new SilentObserver(), default);
        var observer = new SilentObserver();
        var second = apart.Run([apart.Read([.. Brief, "name=first"]), apart.Read(other)], observer, default)[1];
        Assert.That(observer.Messages, Has.Some.EqualTo("pretraining: taken from 'first' (same settings and seed)"));
        using var alone = new SmallRun();
        var own = alone.Run([alone.Read(other)], new SilentObserver(), default)[0];
        // The key names the folder that relative paths start at, which is another for each of the three.
        static IEnumerable<KeyValuePair<string, string>> Trace(RunResult result) => RunTrace.Of(result.Folder).Where(pair => !pair.Key.EndsWith("pretraining/key", StringComparison.Ordinal));
        Assert.That(Trace(second), Is.EqualTo(Trace(together)));
        Assert.That(Trace(own), Is.EqualTo(Trace(together)));
    }

    [Test]
    public void A_shared_pretraining_that_is_damaged_is_made_again()
    {
        using var run = new SmallRun();
        var first = run.Run([run.Read([.. Brief, "name=first"])], new SilentObserver(), default)[0];
        File.WriteAllText(Checkpoint.In(new RunFolder(first.Folder).Checkpoints)[0].TensorFile, "damaged");
        var observer = new SilentObserver();
        var second = run.Run([run.Read([.. Brief, "name=first"]), run.Read([.. Brief, "name=second"])], observer, default)[1];
        Assert.That(observer.Messages, Has.Some.StartsWith("checkpoint pretraining-00000013 cannot be used"));
        Assert.That(RunTrace.Of(second.Folder)["metrics 00003"], Is.EqualTo(RunTrace.Of(first.Folder)["metrics 00003"]));
    }

    [Test]
    public void A_folder_that_another_process_works_in_is_refused_with_its_holder()
    {
        using var run = new SmallRun();
        var folder = RunFolder.Of(Path.Combine(run.Folder, "runs"), "small", 2);
        var first = RunFolder.Of(Path.Combine(run.Folder, "runs"), "small", 1);
        using (RunLock.Take(folder))
        {
            var refused = Assert.Throws<InvalidInputException>(() => run.Run([run.Read([.. Brief, "seeds=[1,2]"])], new SilentObserver(), default))!;
            Assert.That(refused.Message, Does.Match($@"^{folder.Root}: is in use by process {Environment.ProcessId} on {Environment.MachineName} since \d{{4}}-\d\d-\d\dT\S+\. Wait until that is done, or choose another folder with --runs\.$"));
            Assert.That(File.Exists(first.Metrics), Is.False, "nothing was begun");
            Assert.DoesNotThrow(() => RunLock.Take(first).Dispose(), "and what it had taken is free again");
        }
        Assert.That(run.Run([run.Read([.. Brief, "seeds=[1,2]"])], new SilentObserver(), default), Has.Count.EqualTo(2));
    }
}
