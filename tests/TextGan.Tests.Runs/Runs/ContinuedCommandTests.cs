using System.Text.Json.Nodes;
using TextGan.Runs;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>
/// The same command given again: what is done is not done again, what was begun goes on, what does not belong together is refused.
/// </summary>
public class ContinuedCommandTests
{
    static readonly string[] Brief = ["pretraining.epochs=1", "training.iterations=2", "evaluation.samples=4"];

    [Test]
    public void A_finished_run_is_recognised_and_still_compared()
    {
        using var run = new SmallRun();
        var experiment = run.Read([.. Brief, "seeds=[1,2]"]);
        var first = run.Run([experiment], new SilentObserver(), default);
        var written = Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => file, File.GetLastWriteTimeUtc);
        Directory.Delete(Path.Combine(run.Folder, "plots", "comparison"), recursive: true);

        var observer = new SilentObserver { OnStep = (_, _) => Assert.Fail("nothing is trained") };
        var second = run.Run([run.Read([.. Brief, "seeds=[1,2]", "description=another"])], observer, default);
        Assert.That(second.Select(r => r.Outcome), Is.EqualTo(new[] { "finished", "finished" }));
        Assert.That(second.Select(r => r.IsEarlier), Is.All.True);
        Assert.That(second.Select(r => r.FinalMetrics), Is.EqualTo(first.Select(r => r.FinalMetrics)));
        Assert.That(Directory.EnumerateFiles(Path.Combine(run.Folder, "plots", "comparison"), "*.png"), Is.Not.Empty);
        Assert.That(written.Keys.Where(file => !file.Contains("comparison") && !file.Contains(".lock") && !file.EndsWith("small.json")
            && File.GetLastWriteTimeUtc(file) != written[file]), Is.Empty);
    }

    /// <summary>Earlier versions wrote the weight of the KL as a number.</summary>
    [Test]
    public void A_kl_that_was_a_number_is_the_same()
    {
        using var run = new SmallRun();
        string[] changes = [.. Brief, "regularizers.kl=0.5"];
        var config = new RunFolder(run.Run([run.Read(changes)], new SilentObserver(), default).Single().Folder).Config;
        var written = JsonNode.Parse(File.ReadAllText(config))!;
        Assert.That(written["regularizers"]!["kl"]!["weight"]!.GetValue<double>(), Is.EqualTo(0.5));
        written["regularizers"]!["kl"] = 0.5;
        File.WriteAllText(config, written.ToJsonString());
        Assert.That(run.Run([run.Read(changes)], new SilentObserver(), default).Single().IsEarlier);
    }

    [Test]
    public void Restart_begins_anew()
    {
        using var run = new SmallRun();
        run.Run([run.Read(Brief)], new SilentObserver(), default);
        var trained = new HashSet<(Phase, long)>();
        var again = run.Run([run.Read(Brief)], new SilentObserver { OnStep = (phase, step) => trained.Add((phase, step)) }, default,
            restart: true).Single();
        Assert.That((again.IsEarlier, trained.Count), Is.EqualTo((false, 13 + 2 + 2)),
            "200 texts in batches of 16, two updates of discriminators, two iterations");
    }

    [Test]
    public void Another_configuration_is_neither_mixed_nor_overwritten()
    {
        using var run = new SmallRun();
        var result = run.Run([run.Read(Brief)], new SilentObserver(), default).Single();
        var before = RunTrace.Of(result.Folder);
        var refused = Assert.Throws<InvalidInputException>(() =>
            run.Run([run.Read([.. Brief, "training.batch=9", "generator.hidden=16"])],
                new SilentObserver { OnStep = (_, _) => Assert.Fail("nothing is trained") }, default))!;
        Assert.That(refused.Message, Is.EqualTo(
            $"{result.Folder}: holds a run of another configuration or of other files (generator.hidden is 12 there and 16 here; " +
            $"training.batch is 8 there and 9 here). " +
            "Start it over with --restart --only small, which deletes that run's files, or give the experiment another name, or choose " +
            "another folder with --runs."));
        Assert.That(RunTrace.Of(result.Folder), Is.EqualTo(before));
    }

    [Test]
    public void More_iterations_train_a_finished_run_on_as_if_it_had_had_them_from_the_start()
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        run.Run([run.Read(Brief)], observer, default);
        var longer = run.Run([run.Read([.. Brief, "training.iterations=4"])], observer, default).Single();
        Assert.That(observer.Messages, Has.Some.EqualTo("resumed at adversarial step 2"));
        using var straight = new SmallRun();
        RunTrace.AssertSame(longer.Folder, straight.Run([straight.Read([.. Brief, "training.iterations=4"])], new SilentObserver(), default)
            .Single().Folder);
        Assert.That(run.Run([run.Read([.. Brief, "training.iterations=4"])], new SilentObserver(), default).Single().IsEarlier);
    }

    [Test]
    public void A_run_of_maximum_likelihood_alone_is_given_discriminators_iterations()
    {
        using var run = new SmallRun();
        run.Run([run.Read([.. Brief, "training.iterations=0"])], new SilentObserver(), default);
        var longer = run.Run([run.Read(Brief)], new SilentObserver(), default).Single();
        using var straight = new SmallRun();
        RunTrace.AssertSame(longer.Folder, straight.Run([straight.Read(Brief)], new SilentObserver(), default).Single().Folder);
    }

    const string Annealed = "estimator={\"kind\":\"gumbel-softmax\",\"temperature\":{\"kind\":\"linear\",\"from\":1,\"to\":0.5}}",
        Switched = "combiner={\"kind\":\"scheduled\",\"weights\":{\"real\":{\"kind\":\"step\",\"at\":3}}}";

    [TestCase(2, 1, "", "training.iterations is 2 there and 1 here, and 2 are done")]
    [TestCase(2, 4, Annealed,
        "training.iterations is 2 there and 4 here, and estimator.temperature runs over all of them: the iterations that are done would " +
        "have had other values")]
    [TestCase(2, 4, Switched, "", Description = "a step at an iteration is at that iteration however many follow")]
    public void Another_number_of_iterations_is_rejected_where_it_would_change_what_is_done(
        int before, int after, string change, string difference)
    {
        using var run = new SmallRun();
        string[] changes = [.. Brief, .. change.Length > 0 ? [change] : Array.Empty<string>()];
        run.Run([run.Read([.. changes, $"training.iterations={before}"])], new SilentObserver(), default);
        void Again() => run.Run([run.Read([.. changes, $"training.iterations={after}"])], new SilentObserver(), default);
        if (difference.Length == 0) Assert.DoesNotThrow(Again);
        else Assert.That(Again, Throws.TypeOf<InvalidInputException>()
            .With.Message.Contains($"holds a run of another configuration or of other files ({difference}). Start it over with --restart"));
    }

    [Test]
    public void Without_discriminators_the_number_of_iterations_decides_nothing()
    {
        using var run = new SmallRun();
        run.Run([run.Read([.. Brief, "discriminators=[]"])], new SilentObserver(), default);
        Assert.That(run.Run([run.Read([.. Brief, "discriminators=[]", "training.iterations=9"])], new SilentObserver(), default).Single()
            .IsEarlier);
    }

    [Test]
    public void A_file_that_changes_amid_a_command_costs_the_runs_that_would_read_it()
    {
        using var run = new SmallRun();
        var file = Path.Combine(run.Folder, "texts.txt");
        File.WriteAllText(file, string.Concat(Enumerable.Repeat("a b c\n", 20)));
        string[] changes = [.. Brief, "data.text={\"kind\":\"text\",\"path\":\"texts.txt\",\"heldOut\":0.2}",
            "evaluation.metrics=[{\"kind\":\"nll\",\"data\":\"text\"}]"];
        var observer = new SilentObserver { OnStep = (_, _) => File.WriteAllText(file, string.Concat(Enumerable.Repeat("x y z\n", 20))) };
        var results = run.Run(
            [run.Read([.. changes, "name=first"]), run.Read([.. changes, "name=same"]), run.Read([.. changes, "name=other", "length=25"])],
            observer, default);
        Assert.That(results.Select(result => (result.Name, result.Outcome)),
            Is.EqualTo(new[] { ("first", "finished"), ("same", "finished"), ("other", "failed") }));
        Assert.That(results[2].Refused!.Single().ToString(),
            Is.EqualTo($"{file}: was changed while the command was running. Give the command again."));
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
        RunTrace.AssertSame(second.Folder, together.Folder);
        RunTrace.AssertSame(own.Folder, together.Folder);
    }

    [Test]
    public void A_folder_that_another_process_works_in_is_refused_with_its_holder()
    {
        using var run = new SmallRun();
        var folder = RunFolder.Of(Path.Combine(run.Folder, "runs"), "small", 2);
        var first = RunFolder.Of(Path.Combine(run.Folder, "runs"), "small", 1);
        using (RunLock.Take(folder))
        {
            var refused = Assert.Throws<InvalidInputException>(
                () => run.Run([run.Read([.. Brief, "seeds=[1,2]"])], new SilentObserver(), default))!;
            Assert.That(refused.Message,
                Does.Match($@"^{folder.Root}: is in use by process {Environment.ProcessId} on {Environment.MachineName} since " +
                    @"\d{4}-\d\d-\d\dT\S+\. Wait until that is done, or choose another folder with --runs\.$"));
            Assert.That(File.Exists(first.Metrics), Is.False, "nothing was begun");
            Assert.DoesNotThrow(() => RunLock.Take(first).Dispose(), "and what it had taken is free again");
        }
        Assert.That(run.Run([run.Read([.. Brief, "seeds=[1,2]"])], new SilentObserver(), default), Has.Count.EqualTo(2));
    }
}
