using TextGan.Reporting;
using TextGan.Tests.Runs;
using TextGan.Training;
using TextGan.Training.Guards;

namespace TextGan.Tests.Training.Guards;

/// <summary>Whole runs into which a fault is built, and what the experiment's guards make of it.</summary>
public class GuardedRunTests
{
    const string Wild = "{\"kind\":\"adam\",\"learningRate\":6,\"weightDecay\":10}";

    /// <summary>Steps so long that nothing stays a number; a millionth of them does no harm.</summary>
    static string[] Bursting(int pretraining) =>
        ["training.iterations=8", "training.checkpointEvery=1", "training.keepCheckpoints=3", "training.clipGradient=0",
        $"training.optimizer={Wild}",
        $"discriminators.real.optimizer={Wild}", "discriminators.real.loss={\"kind\":\"wasserstein\"}",
            $"discriminators.real.pretrainingSteps={pretraining}", "discriminators.real.stepsPerIteration=10",
        "guards={\"notANumber\":{\"action\":\"roll-back\"},\"rollBack\":{\"factor\":0.000001,\"maximum\":2}}"];

    static GuardEvent[] Events(string folder) =>
        [.. File.ReadAllLines(new RunFolder(folder).Metrics).Select(MetricLine.Parse).Select(line => line.Event).OfType<GuardEvent>()];

    [TestCase(0)]
    [TestCase(6)]
    public void What_bursts_is_rolled_back_with_a_lower_learning_rate_and_the_run_ends_well(int pretraining)
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, Bursting(pretraining)).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var found = Events(result.Folder).Where(e => e.Action == "roll-back").ToArray();
        Assert.That(found, Is.Not.Empty);
        Assert.That(found[0].Message,
            Does.Match(@"^(a weight in )?'.+' is (NaN|-?Infinity) at .+ step \d+; back to .+ step \d+, all learning rates × 1E-06 " +
                @"\(roll-back 1 of 2\)\.$"));
        var log = RunLog.Read(result.Folder);
        Assert.That(log.Find(Phase.Adversarial, "total")!.Steps, Is.EqualTo(Enumerable.Range(1, 8)), "the plots show each step once");
        Assert.That(log.Events.Select(e => e.Event), Is.EqualTo(Events(result.Folder)));
    }

    [Test]
    public void Roll_backs_and_stops_go_together()
    {
        using var run = new SmallRun();
        var experiment = run.Read(Bursting(0));
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        straight.Go();
        Assert.That(Events(straight.Folder.Root), Is.Not.Empty);
        using var stopped = new InterruptedRun(experiment, Path.Combine(run.Folder, "stopped"));
        foreach (var at in (long[])[1, 2, 4, 6]) stopped.Go((phase, step) => phase == Phase.Adversarial && step == at);
        stopped.Go();
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
    }

    [Test]
    public void Too_many_roll_backs_stop_the_run()
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, "training.iterations=8", "training.checkpointEvery=1",
            "guards={\"explodingGradient\":{\"action\":\"roll-back\",\"limit\":1e-9},\"rollBack\":{\"maximum\":2}}").Single();
        Assert.That(result.Outcome, Is.EqualTo("failed"));
        Assert.That(result.Message, Does.Contain(", after 2 roll-backs, the most that 'guards' allow; the last good checkpoint is "));
        Assert.That(Events(result.Folder).Select(e => e.Action), Is.EqualTo(new[] { "roll-back", "roll-back", "stop" }));
    }

    [Test]
    public void Pretraining_is_rolled_back_too()
    {
        using var run = new SmallRun();
        // Its gradient is looked at every tenth update, so that the checkpoint at the fourth may hold the trouble already.
        var result = run.Run(new SilentObserver(), default, "pretraining.checkpointEvery=4", "training.keepCheckpoints=5",
            "guards={\"explodingGradient\":{\"action\":\"roll-back\",\"limit\":1e-9},\"rollBack\":{\"factor\":0.1,\"maximum\":2}}")
                .Single();
        Assert.That(result.Message,
            Does.Contain(" at pretraining step 10, after 2 roll-backs, the most that 'guards' allow; the last good checkpoint is "));
        Assert.That(Events(result.Folder).Select(e => e.Message[(e.Message.IndexOf(" at ", StringComparison.Ordinal) + 1)..]),
            Is.EqualTo(new[]
        {
            "at pretraining step 10; back to pretraining step 0, learning rate of generator × 0.1 (roll-back 1 of 2).",
            "at pretraining step 10; back to pretraining step 0, learning rate of generator × 0.01 (roll-back 2 of 2).",
            "at pretraining step 10, after 2 roll-backs.",
        }));
    }

    /// <summary>The very step, although a line is written at every tenth only; and before the weights have taken part in it.</summary>
    [Test]
    public void Pretraining_tells_the_step_that_was_no_number()
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default,
            "pretraining.optimizer={\"kind\":\"adam\",\"learningRate\":6,\"weightDecay\":10}", "pretraining.clipGradient=0").Single();
        Assert.That(result.Outcome, Is.EqualTo("failed"));
        Assert.That(result.Message, Does.Match("^'generator/(loss|gradientNorm)' is (NaN|∞|Infinity) at pretraining step [0-9]*[1-9]; "));
    }

    [Test]
    public void A_discriminator_that_wins_is_noted_and_stops_the_run_where_it_should()
    {
        // A generator that does not move, untrained, against a discriminator that learns fast.
        string[] changes = ["pretraining=null", "training.iterations=60", "training.optimizer={\"kind\":\"sgd\",\"learningRate\":0}",
            "evaluation.every=100",
            "discriminators=[{\"name\":\"real\",\"kind\":\"cnn\",\"data\":\"text\",\"embedding\":8,\"widths\":[2,3],\"filters\":[8,8]," +
            "\"stepsPerIteration\":4,\"optimizer\":{\"kind\":\"adam\",\"learningRate\":0.02}}]"];
        using var warned = new SmallRun();
        var result = warned.Run(new SilentObserver(), default, [.. changes, "guards.winningDiscriminator={\"steps\":5}"]).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"));
        Assert.That(Events(result.Folder).Select(e => (e.Guard, e.Action)), Does.Contain(("winningDiscriminator", "warn")));
        using var stopped = new SmallRun();
        var failed = stopped.Run(new SilentObserver(), default,
            [.. changes, "guards.winningDiscriminator={\"steps\":5,\"action\":\"stop\"}"]).Single();
        Assert.That(failed.Message,
            Does.Match(@"^discriminator 'real' has judged every text right for 5 iterations at adversarial step \d+; " +
                "the last good checkpoint is "));
    }

    [Test]
    public void A_collapse_of_modes_is_noted()
    {
        using var run = new SmallRun();
        // Temperature 0 draws the most probable text again and again.
        var result = run.Run(new SilentObserver(), default, "evaluation.sampling.temperature=0", "evaluation.samples=20",
            "pretraining.batch=20").Single();
        var found = Events(result.Folder);
        Assert.That(found.Select(e => (e.Guard, e.Action)), Is.EqualTo(new[] { ("modeCollapse", "warn"), ("modeCollapse", "warn") }),
            "once in each phase");
        Assert.That(found[0].Message,
            Does.Match(@"^one text makes up 100% of 20 samples \(the commonest of as many real texts \d+%\), over \d+%; " +
                @"95% of 20 samples repeat an earlier one \(of as many real texts \d+%\), over \d+%; " +
                @"distinct-2 of the evaluation's texts is 0\.\d+, under 0\.01, at pretraining step 20\.$"));
    }

    [Test]
    public void A_judge_that_learns_forty_pairs_by_heart_is_found_at_the_first_evaluation()
    {
        string[] changes = ["training.iterations=1", "evaluation.samples=300", "data.helpfulness.sentences=40",
            "data.helpfulness.heldOut=300", "guards.modeCollapse.action=off",
            """
            discriminators.helpful={"kind":"cnn","name":"helpful","data":"helpfulness","embedding":8,"widths":[2,3],"filters":[8,8],
            "batch":40,"pretrainingSteps":80,"freezeAfter":0,"optimizer":{"kind":"adam","learningRate":0.02},
            "loss":{"kind":"bradley-terry"},"opponents":{"generated":0,"rejected":1}}
            """];
        using var warned = new SmallRun();
        var result = warned.Run(new SilentObserver(), default, changes).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var found = Events(result.Folder).Single(); // once, not again at the end
        Assert.That((found.Guard, found.Action), Is.EqualTo(("overfittingDiscriminator", "warn")));
        Assert.That(found.Message, Does.Match(
            @"^discriminator 'helpful' is right on (1\.000|0\.9\d\d) of 40 pairs that it learns from and on 0\.\d{3} of 300 held-out " +
            @"ones, a gap of 0\.\d{3} \(95% interval 0\.\d{3} to 0\.\d{3}\), which reaches 0\.1, at adversarial step 0\.$"));
        Assert.That(RunLog.Read(result.Folder).Events.Single().Text, Is.EqualTo("discriminator overfits: warn"), "the mark on plots");
        using var stopped = new SmallRun();
        var failed = stopped.Run(new SilentObserver(), default, [.. changes, "guards.overfittingDiscriminator.action=stop"]).Single();
        Assert.That(failed.Outcome, Is.EqualTo("failed"));
        Assert.That(failed.Message, Does.StartWith(found.Message[..^1] + "; "));
    }

    [TestCase("guards={\"overfittingDiscriminator\":{\"notice\":0.2}}",
        "$.guards.overfittingDiscriminator.notice: is 0.2, more than 'limit' (0.1), so that the warning would come before the notice.")]
    [TestCase("guards={\"overfittingDiscriminator\":{\"limit\":1.5}}", "$.guards.overfittingDiscriminator.limit: 1.5 is out of range")]
    [TestCase("guards={\"overfittingDiscriminator\":{\"pairs\":0}}", "$.guards.overfittingDiscriminator.pairs: 0 is out of range")]
    [TestCase("guards={\"explodingGradient\":{\"action\":\"rollback\"}}",
        "$.guards.explodingGradient.action: \"rollback\" is unknown; expected one of 'off', 'warn', 'stop' and 'roll-back'. Did you mean " +
        "'roll-back'?")]
    [TestCase("guards={\"rollBack\":{\"maximum\":0}}", "$.guards.rollBack.maximum: 0 is out of range")]
    [TestCase("guards={\"notANumber\":{\"action\":\"off\"}}", "'off' found; training cannot continue with NaN")]
    public void The_section_is_read_strictly(string change, string message)
    {
        using var run = new SmallRun();
        Assert.That(() => run.Read(change), Throws.TypeOf<InvalidInputException>().With.Message.Contain(message));
    }
}
