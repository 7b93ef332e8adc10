using System.Diagnostics;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Runs.Events;
using TextGan.Storage;

namespace TextGan.Tests.Runs;

/// <summary>Runs with the same pretraining, in several processes or one after another: it is made once, and no bit tells by whom.</summary>
public class SharedPretrainingTests
{
    const string Generator = "generator", Discriminators = "discriminators";

    static string NameOf(string kind) => kind == Generator ? "pretraining" : "pretraining of the discriminators";

    /// <summary>Two experiments that differ after their pretraining, which takes long enough to be interrupted.</summary>
    static IReadOnlyList<LoadedExperiment> Two(SmallRun run)
    {
        run.Read();
        var defaults = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Folder, "small.json")))!.AsObject();
        defaults.Remove("name");
        defaults["pretraining"]!["epochs"] = 15;
        defaults["discriminators"]![0]!["pretrainingSteps"] = 60;
        var file = Path.Combine(run.Folder, "two.json");
        File.WriteAllText(file, new JsonObject
        {
            ["defaults"] = defaults,
            ["experiments"] = new JsonArray(new JsonObject { ["name"] = "first" },
                new JsonObject { ["name"] = "second", ["training"] = new JsonObject { ["iterations"] = 3 } }),
        }.ToJsonString());
        return ExperimentFile.Read(file, new ReadingSettings());
    }

    static string Folder(SmallRun run, string name) => RunFolder.Of(Path.Combine(run.Folder, "runs"), name, 1).Root;

    static void AssertAsAlone(SmallRun run, IReadOnlyList<LoadedExperiment> two, params string[] names)
    {
        foreach (var name in names)
        {
            var options = new RunnerOptions { RunsFolder = Path.Combine(run.Folder, $"alone-{name}") };
            var alone = new ExperimentRunner(options, new SilentObserver()).Run([.. two.Where(one => one.Options.Name == name)], default);
            RunTrace.AssertSame(Folder(run, name), alone.Single().Folder);
        }
    }

    static IEnumerable<string> Folders(SmallRun run, string kind) => Path.Combine(run.Folder, "runs", "shared") is var shared
        && Directory.Exists(shared) ? Directory.EnumerateDirectories(shared, $"{kind}-*") : [];

    static Checkpoint Made(SmallRun run, string kind) => Checkpoint.In(Folders(run, kind).Single()).Single();

    sealed class Hearing(Action<string> said) : IRunSink
    {
        public void Receive(RunEvent happened)
        {
            if (happened is RunEvent.Said word) said(word.Text);
        }
    }

    /// <summary>The real program makes one of the two.</summary>
    static Process Start(SmallRun run, string name)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "run", "two.json", "--run",
            $"{name}/1"]) { WorkingDirectory = run.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    static (int Code, string Output) End(Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.That(process.WaitForExit(120_000), "the program ends");
        return (process.ExitCode, output.Result + errors.Result);
    }

    static void Signal(Process process, string signal)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("There are no signals.");
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    [Test]
    public void Two_processes_at_once_make_one()
    {
        using var run = new SmallRun();
        var two = Two(run);
        using var first = Start(run, "first");
        using var second = Start(run, "second");
        var ends = new[] { first, second }.Select(process => Task.Run(() => End(process))).ToArray();
        Assert.That(ends.Select(end => end.Result.Code), Is.All.Zero, string.Join('\n', ends.Select(end => end.Result.Output)));
        foreach (var kind in (string[])[Generator, Discriminators])
            Assert.That(ends.Count(end => end.Result.Output.Contains($"{NameOf(kind)}: taken from '")), Is.EqualTo(1), kind);
        AssertAsAlone(run, two, "first", "second");
    }

    [TestCase(Generator)]
    [TestCase(Discriminators)]
    public void A_run_waits_for_the_one_that_makes_it_and_makes_it_where_that_is_killed(string kind)
    {
        using var run = new SmallRun();
        var two = Two(run);
        using var maker = Start(run, "first");
        while (!Folders(run, kind).Any(folder => File.Exists(new RunFolder(folder).Holder)) && !maker.HasExited) Thread.Sleep(1);
        Signal(maker, "STOP");

        var said = new List<string>();
        var sink = new Hearing(text =>
        {
            said.Add(text);
            if (text.Contains("waiting for")) maker.Kill(); // SIGKILL
        });
        new ExperimentRunner(new RunnerOptions { RunsFolder = Path.Combine(run.Folder, "runs"), Only = new RunId("second", 1) }, sink)
            .Run(two, default);
        Assert.That(said, Has.One.Match(
            $@"^{NameOf(kind)}: waiting for first, seed 1 \(process {maker.Id} on \S+ since \S+\), which is computing it$"));
        Assert.That(said, Has.None.StartsWith($"{NameOf(kind)}: taken from"));
        using (var rest = Start(run, "first")) Assert.That(End(rest).Code, Is.Zero);
        AssertAsAlone(run, two, "first", "second");
    }

    [Test]
    public void A_run_that_waits_can_be_stopped_and_goes_on_later()
    {
        using var run = new SmallRun();
        var two = Two(run);
        var key = RunFingerprint.Of(two[0], new ContentHashes()).Pretraining(1)[..16];
        using (RunLock.TryTake(new RunFolder(Path.Combine(run.Folder, "runs", "shared", $"generator-{key}")), new RunId("other", 7)))
        {
            using var waits = Start(run, "first");
            var heard = "";
            while (!heard.Contains("waiting for") && waits.StandardOutput.ReadLine() is { } line) heard += line + "\n";
            Assert.That(heard, Does.Contain($"pretraining: waiting for other, seed 7 (process {Environment.ProcessId} on "));
            Signal(waits, "INT");
            Assert.That(End(waits).Code, Is.EqualTo(130));
            Assert.That(File.ReadAllText(new RunFolder(Folder(run, "first")).Outcome), Does.Contain("\"stopped\""));
        }
        using (var rest = Start(run, "first")) Assert.That(End(rest).Code, Is.Zero);
        AssertAsAlone(run, two, "first");
    }

    [Test]
    public void A_run_that_was_stopped_amid_its_pretraining_gives_it_when_it_is_done()
    {
        using var run = new SmallRun();
        using (var stop = new CancellationTokenSource())
            run.Run([run.Read("name=first")], new SilentObserver { OnStep = (_, step) => { if (step == 5) stop.Cancel(); } }, stop.Token);
        Assert.That(Checkpoint.In(Folders(run, Generator).Single()), Is.Empty);
        var observer = new SilentObserver();
        run.Run([run.Read("name=first"), run.Read("name=second")], observer, default);
        Assert.That(observer.Messages, Has.Some.EqualTo("resumed at pretraining step 5"));
        Assert.That(observer.Messages, Has.One.EqualTo("pretraining: taken from 'first' (same settings and seed)"));
        RunTrace.AssertSame(Folder(run, "second"), Folder(run, "first"));
    }

    [Test]
    public void A_run_that_was_rolled_back_to_its_discriminators_pretraining_does_not_give_it()
    {
        using var run = new SmallRun();
        Go(run, "first");
        using var plan = new RunPlan(run.Read("name=first"), 1, Path.Combine(run.Folder, "runs"));
        plan.Look(RunFingerprint.Of(plan.Experiment, new ContentHashes()));
        using var log = new MetricLog(Path.Combine(run.Folder, "unused.jsonl"));
        var recorder = new Recorder(plan.Folder.Samples, plan.Folder.Checkpoints, 3, log, new SilentObserver());
        using (var shared = new SharedPretraining(plan, Phase.DiscriminatorPretraining, recorder)) shared.Give(2, _ => { });
        Assert.That(Checkpoint.In(Folders(run, Discriminators).Single()), Is.Empty, "its log has lines of the adversarial phase");
    }

    static void Rewrite(Checkpoint made, Action<StateBag> change)
    {
        var bag = made.Read();
        change(bag);
        made.Write(bag);
        bag.Clear();
    }

    /// <summary>Runs experiments of these names; what earlier commands made is there.</summary>
    static (List<string> Messages, IReadOnlyList<RunResult> Results) Go(SmallRun run, params string[] names)
    {
        var observer = new SilentObserver();
        var results = run.Run([.. names.Select(name => run.Read($"name={name}"))], observer, default);
        return (observer.Messages, results);
    }

    [Test]
    public void One_that_is_damaged_or_another_one_is_made_again(
        [Values(Generator, Discriminators)] string kind, [Values] bool damaged)
    {
        using var run = new SmallRun();
        Go(run, "first", "second");
        var made = Made(run, kind);
        if (damaged) File.AppendAllText(made.TensorFile, "x");
        else Rewrite(made, bag => bag.Scope("shared").Put("key", "another"));
        var messages = Go(run, "first", "third", "fourth").Messages;
        Assert.That(messages, Has.One.StartsWith($"checkpoint {made.Name} cannot be used; it is computed again. {made.TensorFile}: " +
            (damaged ? "does not have the checksum" : "it was made with other settings, or elsewhere")));
        Assert.That(messages, Has.One.EqualTo($"{NameOf(kind)}: taken from 'third' (same settings and seed)"));
        foreach (var name in (string[])["third", "fourth"]) RunTrace.AssertSame(Folder(run, name), Folder(run, "first"));
    }

    [TestCase(Generator)]
    [TestCase(Discriminators)]
    public void One_that_does_not_fit_though_it_says_so_costs_the_run_once(string kind)
    {
        using var run = new SmallRun();
        Go(run, "first", "second");
        var made = Made(run, kind);
        Rewrite(made, bag =>
        {
            var last = bag.Tensors.Keys.Last(name => name.Contains("weight"));
            bag.Tensors[last].Dispose();
            bag.Tensors[last] = TorchSharp.torch.zeros(2, 3);
        });
        Assert.That(Go(run, "third").Results[0].Message,
            Does.StartWith($"{made.TensorFile} does not fit this run: ")
                .And.EndWith(" It has been deleted, and the same command makes it again."));
        Go(run, "third");
        RunTrace.AssertSame(Folder(run, "third"), Folder(run, "first"));
    }

    [Test]
    public void Where_it_cannot_be_kept_the_runs_say_so_and_make_it_themselves()
    {
        using var run = new SmallRun();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(run.Folder, "runs")).FullName, "shared"), "in the way");
        var messages = Go(run, "first", "second").Messages;
        foreach (var kind in (string[])[Generator, Discriminators])
            Assert.That(messages, Has.Exactly(2).StartsWith($"warning: {NameOf(kind)}: is not shared with other runs: "));
        RunTrace.AssertSame(Folder(run, "second"), Folder(run, "first"));
    }

    [Test]
    public void An_experiment_may_be_called_shared()
    {
        using var run = new SmallRun();
        Go(run, "first", "shared");
        RunTrace.AssertSame(Folder(run, "shared"), Folder(run, "first"));
        Assert.That(Go(run, "shared").Results[0].IsEarlier);
    }
}
