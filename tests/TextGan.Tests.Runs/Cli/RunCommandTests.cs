using TextGan.Cli.Commands;
using TextGan.Runs;

namespace TextGan.Tests.Cli;

public class RunCommandTests
{
    static RunStarter Results(params RunResult[] results) => (_, _, _, _) => results;

    /// <summary>Tells of the runs as the runner does.</summary>
    static RunStarter Told(params RunResult[] results) => (_, observer, _, _) =>
    {
        foreach (var result in results) observer.Receive(
            new RunEvent.Ended(result.Outcome, result.Message, result.Folder, IsEarlier: false)
            {
                Run = new RunId(result.Name, result.Seed),
            });
        return results;
    };

    static RunResult Finished(string name, int seed, double bleu) =>
        new(name, seed, "finished", null, $"runs/{name}/{seed}", new Dictionary<string, double> { ["bleu-2"] = bleu });

    [Test]
    public void ShowsWhatCameOut()
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, Results(Finished("first", 1, 0.5), Finished("second", 1, 0.25), Finished("second", 2, 0.75)),
            "run");
        Assert.That(run, Is.EqualTo(new CommandRun(0, $"""

            experiment  seeds        bleu-2
            first           1         0.500
            second          2  0.500 ±0.354

            3 runs finished in 0:00. Runs: {place.At("runs")}, plots: {place.At("plots")}.

            """.ReplaceLineEndings("\n"), "")));
    }

    [Test]
    public void AFailedRunGivesExitCodeOneAndTheOthersAreShown()
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, Told(Finished("first", 1, 0.5),
            new RunResult("second", 2, "failed", "The term 'helpful' is NaN in step 7.\u001b[2J", "runs/second/2", new Dictionary<string,
                double>())), "run");
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("first           1   0.500").And.Contain("1 run finished, 1 failed"));
        Assert.That(run.Error, Is.EqualTo("second, seed 2 failed: The term 'helpful' is NaN in step 7.\\u001b[2J\n"));
        Assert.That(run.Output, Does.Contain("second, seed 2: failed after 0:00, runs/second/2\n").And.Not.Contain("NaN"), "told once");
    }

    [Test]
    public void ARunThatStoppedWithoutASignalIsNoFailure()
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, Results(Finished("first", 1, 0.5) with { Outcome = "stopped" }), "run", "--quiet");
        Assert.That(run.Code, Is.Zero);
        Assert.That(run.Output, Does.Contain("1 run stopped"));
    }

    [Test]
    public void PassesArgumentsOn()
    {
        using var place = new Workplace();
        RunnerOptions? options = null;
        IReadOnlyList<string> names = [];
        int[] seeds = [];
        var (hidden, tokens) = ("", false);
        var run = CommandRun.In(place.Folder, (given, _, experiments, stop) =>
        {
            options = given;
            names = [.. experiments.Select(experiment => experiment.Options.Name)];
            seeds = [.. experiments[0].Options.Seeds];
            hidden = experiments[0].Resolved["generator"]!["hidden"]!.ToString();
            tokens = stop.CanBeCanceled;
            return [];
        }, "run", "experiments.json", "--only", "second", "--set", "generator.hidden=16", "--set", "length=7", "--seeds", "4,5", "--runs",
            "r", "--plots", "p");
        Assert.That(run.Error, Is.Empty);
        Assert.That(run.Code, Is.Zero);
        Assert.That(options, Is.EqualTo(new RunnerOptions
        {
            RunsFolder = place.At("r"),
            Command = "textgan run experiments.json --only second --set generator.hidden=16 --set length=7 --seeds 4,5 --runs r --plots p",
        }));
        Assert.That(run.Output, Does.Contain($"plots: {place.At("p")}."));
        Assert.That(names, Is.EqualTo(new[] { "second" }));
        Assert.That(seeds, Is.EqualTo(new[] { 4, 5 }));
        Assert.That(hidden, Is.EqualTo("16"));
        Assert.That(tokens, Is.True, "Ctrl+C reaches the run");
    }

    [Test]
    public void FindsTheFileInAFolderAbove()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place.At("a", "b"));
        var count = 0;
        var run = CommandRun.In(place.At("a", "b"), (_, _, experiments, _) =>
        {
            count = experiments.Count;
            return [];
        }, "run");
        Assert.That(run.Error, Is.Empty);
        Assert.That(count, Is.EqualTo(2));
    }

    [Test]
    public void ProgressGoesToTheOutput()
    {
        using var place = new Workplace();
        RunStarter start = (_, observer, _, _) =>
        {
            ScriptedRun.Play(observer, new ManualTime());
            return [Finished("first", 1, 0.5)];
        };
        Assert.That(CommandRun.In(place.Folder, start, "run").Output, Does.StartWith("[   0:00] grammar, seed 1 (run 1 of 2)\n"));
        Assert.That(CommandRun.In(place.Folder, start, "run", "--quiet").Output, Does.StartWith("\nexperiment"));
    }

    [Test]
    public void WarningsAreShownWhereOnlyResultsAre()
    {
        using var place = new Workplace();
        RunStarter start = (_, observer, _, _) =>
        {
            observer.Say("all is well");
            observer.Warn("most\nis unknown");
            return [Finished("first", 1, 0.5)];
        };
        Assert.That(CommandRun.In(place.Folder, start, "run").Output,
            Does.StartWith("[   0:00]   all is well\n[   0:00]   warning: most\\nis unknown\n"));
        Assert.That(CommandRun.In(place.Folder, start, "run", "--quiet").Error, Is.EqualTo("warning: most\\nis unknown\n"));
    }

    [Test]
    public void BadInputWhileRunningGivesExitCodeTwo()
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, (_, _, _, _) =>
            throw new InvalidInputException([new("train.txt:17", "is empty."), new("train.txt:18", "is empty too.")]), "run");
        Assert.That(run, Is.EqualTo(new CommandRun(2, "", "train.txt:17: is empty.\ntrain.txt:18: is empty too.\n")));
    }

    [TestCase(true, false, 2)]
    [TestCase(false, true, 1)]
    [TestCase(true, true, 1)]
    [TestCase(false, false, 0)]
    public void ARunWithBadInputGivesExitCodeTwoUnlessOneFailed(bool refused, bool failed, int code)
    {
        using var place = new Workplace();
        var results = new List<RunResult> { Finished("first", 1, 0.5) };
        if (refused)
            results.Add(new RunResult("second", 1, "failed", "train.txt:17: is empty.", "", new Dictionary<string, double>()) {
                Refused = [new("train.txt:17", "is empty.")] });
        if (failed) results.Add(new RunResult("third", 1, "failed", "no memory", "", new Dictionary<string, double>()));
        var run = CommandRun.In(place.Folder, Told([.. results]), "run");
        Assert.That(run.Code, Is.EqualTo(code));
        Assert.That(run.Error,
            Is.EqualTo((refused ? "second, seed 1 failed: train.txt:17: is empty.\n" : "")
            + (failed ? "third, seed 1 failed: no memory\n" : "")));
    }

    [Test]
    public void SomethingUnexpectedIsOneLineWithoutATrace()
    {
        using var place = new Workplace();
        RunStarter start = (_, _, _, _) => throw new AggregateException(new InvalidOperationException("no\nway"));
        var run = CommandRun.In(place.Folder, start, "run");
        Assert.That(run, Is.EqualTo(
            new CommandRun(1, "", "Unexpected InvalidOperationException: no\\nway\nSet TEXTGAN_TRACE=1 to see where it came from.\n")));
        var traced = CommandRun.With(place.Folder, start, name => name == "TEXTGAN_TRACE" ? "1" : null, "run");
        Assert.That(traced.Code, Is.EqualTo(1));
        Assert.That(traced.Error, Does.Contain("   at TextGan.").And.Not.Contain("Set TEXTGAN_TRACE"));
    }

    [Test]
    public void AFailureOutsideOfARunIsASentence()
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, (_, _, _, _) => throw new RunFailedException("The disk is full."), "run");
        Assert.That(run, Is.EqualTo(new CommandRun(1, "", "The disk is full.\n")));
    }

    [Test]
    public void OneRunIsChosenByItsName()
    {
        using var place = new Workplace();
        RunId? only = null;
        RunStarter start = (options, _, _, _) =>
        {
            only = options.Only;
            return [Finished("second", 2, 0.5)];
        };
        Assert.That(CommandRun.In(place.Folder, start, "run", "--run", "second/2").Code, Is.Zero);
        Assert.That(only, Is.EqualTo(new RunId("second", 2)));
        Assert.That(CommandRun.In(place.Folder, start, "run", "--run", "second/3"),
            Is.EqualTo(new CommandRun(
                2, "", "--run: there is no run 'second/3'. Did you mean 'second/1'? There are first/1, second/1, second/2.\n")));
    }

    [TestCase("")]
    [TestCase("first,")]
    public void OnlyNeedsNames(string names)
    {
        using var place = new Workplace();
        Assert.That(CommandRun.In(place.Folder, Results(), "run", "--only", names),
            Is.EqualTo(new CommandRun(2, "", "--only: '' is not a name of an experiment; names are separated by commas or blanks.\n")));
    }

    [TestCase("a1", "--seeds: 'a1' is not a whole number; seeds are whole numbers such as 1,2,3.\n")]
    [TestCase("1,,x", "--seeds: '' is not a whole number; seeds are whole numbers such as 1,2,3.\n")]
    [TestCase("", "--seeds: '' is not a whole number; seeds are whole numbers such as 1,2,3.\n")]
    [TestCase("1,", "--seeds: '' is not a whole number; seeds are whole numbers such as 1,2,3.\n")]
    [TestCase("1.5", "--seeds: '1.5' is not a whole number; seeds are whole numbers such as 1,2,3.\n")]
    [TestCase("99999999999", "--seeds: '99999999999' is not a whole number; seeds are whole numbers such as 1,2,3.\n")]
    [TestCase("3,1,3", "--seeds: the seed 3 is given twice; each run needs its own.\n")]
    [TestCase("1, 01", "--seeds: the seed 1 is given twice; each run needs its own.\n")]
    public void SeedsMustBeNumbers(string seeds, string message)
    {
        using var place = new Workplace();
        Assert.That(CommandRun.In(place.Folder, Results(), "run", "--seeds", seeds), Is.EqualTo(new CommandRun(2, "", message)));
    }
}
