using System.Text;
using System.Text.Json.Nodes;
using TextGan.Runs.Events;
using TextGan.Runs.Trackers;
using TextGan.Training;

namespace TextGan.Tests.Runs.Trackers;

/// <summary>Trackers have what the log has, whatever happens, and change nothing.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TrackerTests : IDisposable
{
    static readonly string[] Often = ["pretraining.checkpointEvery=5", "training.iterations=6", "training.checkpointEvery=4"];

    readonly SmallRun small = new();
    readonly Dictionary<string, string?> variables = [];

    public void Dispose()
    {
        small.Dispose();
        foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
    }

    void Set(string name, string? value)
    {
        variables.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    InterruptedRun Begin(string runs, params string[] changes) => new(small.Read([.. Often, .. changes]), Path.Combine(small.Folder, runs));

    static MetricLine[] Log(RunFolder folder) => [.. File.ReadAllLines(folder.Metrics).Select(MetricLine.Parse)];

    static SortedDictionary<(string, long), float> Logged(RunFolder folder, string phase) => new(Log(folder)
        .Where(line => line.Phase == phase)
        .SelectMany(line => line.Values.Select(pair => ((pair.Key, line.Step), (float)pair.Value))).ToDictionary());

    static void AssertHasLog(RunFolder folder)
    {
        foreach (var phase in Log(folder).Select(line => line.Phase).Distinct())
            Assert.That(EventRecords.ScalarsIn(Path.Combine(folder.TensorBoard, phase)), Is.EqualTo(Logged(folder, phase)), phase);
    }

    [TestCase("", 0u)]
    [TestCase("313233343536373839", 0xE3069283u, Description = "the check value of CRC-32C: 123456789")]
    [TestCase("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AAu, Description = "RFC 3720, B.4")]
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43u, Description = "RFC 3720, B.4")]
    [TestCase("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794Eu, Description = "RFC 3720, B.4")]
    public void Checksums_are_those_of_the_standard(string hex, uint checksum)
    {
        // The reader of the tests, which compares the checksums of all records.
        Assert.That(EventRecords.Checksum(Convert.FromHexString(hex)), Is.EqualTo(checksum));
    }

    [Test]
    public void TensorBoard_gets_scalars_texts_and_distributions()
    {
        using var run = Begin("runs", """trackers=[{"kind":"tensorboard","texts":3}]""");
        Assert.That(run.Go().Outcome, Is.EqualTo("finished"));
        AssertHasLog(run.Folder);
        Assert.That(Log(run.Folder).Select(line => line.Phase).Distinct().Count(), Is.EqualTo(3));
        var events = EventRecords.Read(Directory.GetFiles(Path.Combine(run.Folder.TensorBoard, "adversarial")).Single());
        Assert.That((events[0].Version, events[1].IsStart, events[1].Step), Is.EqualTo(("brain.Event:2", true, 0L)));
        SampleLine[] samples = [.. File.ReadLines(run.Folder.SamplesOf("adversarial", 6)).Select(SampleLine.Parse)];
        var texts = events.Single(one => one.Texts.Count > 0 && one.Step == 6).Texts.Single();
        Assert.That(texts.Tag, Is.EqualTo("samples"));
        Assert.That(texts.Texts, Is.EqualTo(samples.Take(3).Select(sample => "    " + sample.Text)));
        var histograms = events.Where(one => one.Step == 6).SelectMany(one => one.Histograms).ToDictionary(one => one.Tag);
        Assert.That(histograms.Keys.Order(),
            Is.EqualTo(new[] { "samples/score/helpful", "samples/score/real", "samples/tokens" }));
        var (_, statistics, limits, counts) = histograms["samples/tokens"];
        double[] lengths = [.. samples.Select(sample => (double)sample.Tokens)];
        Assert.That(statistics,
            Is.EqualTo(new[] { lengths.Min(), lengths.Max(), 10, lengths.Sum(), lengths.Sum(length => length * length) }));
        // Each bucket counts what lies between the limit before and its own; the last one has the greatest value, too.
        for (var i = 0; i < limits.Length; i++)
            Assert.That(counts[i], Is.EqualTo(lengths.Count(length => (i == 0 || length >= limits[i - 1])
                && (length < limits[i] || i == limits.Length - 1))), $"bucket {i}");
        var scores = histograms["samples/score/real"].Statistics;
        Assert.That((scores[0], scores[1]), Is.EqualTo((samples.Min(s => s.Scores["real"]), samples.Max(s => s.Scores["real"]))));
    }

    [Test]
    public void A_run_that_is_resumed_has_each_point_once()
    {
        using var run = Begin("runs", """trackers=["tensorboard","csv"]""");
        foreach (var (phase, step) in ((Phase, long)[])[(Phase.Pretraining, 7), (Phase.Pretraining, 15),
            (Phase.DiscriminatorPretraining, 1), (Phase.Adversarial, 3), (Phase.Adversarial, 5)])
        {
            Assert.That(run.Go((at, done) => at == phase && done == step).Outcome, Is.EqualTo("stopped"), $"{phase} {step}");
            AssertHasLog(run.Folder);
        }
        run.Go();
        AssertHasLog(run.Folder);
        // As if the process had been killed: the log and the event files have more than the checkpoint saw.
        foreach (var checkpoint in Checkpoint.In(run.Folder.Checkpoints).Where(one => one.Phase == "adversarial" && one.Step > 4))
            checkpoint.Delete();
        File.Delete(run.Folder.Outcome);
        run.Go();
        AssertHasLog(run.Folder);
        Assert.That(TableTrackerTests.Rows(Path.Combine(run.Folder.Root, "metrics.csv")).Count - 1,
            Is.EqualTo(Log(run.Folder).Sum(line => line.Values.Count)));
    }

    [Test]
    public void Trackers_leave_the_bits_of_a_run_as_they_are()
    {
        using var server = new MlflowStub();
        Set("MLFLOW_TRACKING_URI", server.Address);
        using var with = Begin("with", """trackers=["tensorboard","mlflow","csv","parquet"]""");
        using var without = Begin("without");
        with.Go();
        without.Go();
        RunTrace.AssertSame(with.Folder.Root, without.Folder.Root);
        // And a run can be resumed with other trackers than it had.
        File.Delete(with.Folder.Outcome);
        using var later = Begin("with");
        Assert.That(later.Go().Outcome, Is.EqualTo("finished"));
    }

    [Test]
    public void A_roll_back_replaces_what_came_later()
    {
        var folder = new RunFolder(Path.Combine(small.Folder, "run"));
        Directory.CreateDirectory(folder.Root);
        using (var tracker = new TensorBoardTrackerOptions().Build(new(folder, [])))
        {
            tracker.Write([.. new[] { 1L, 2, 3, 2, 3, 4 }.Select((step, i) => new TrackedLine(new MetricLine
            {
                Phase = "adversarial", Step = step, Seconds = i, Values = new Dictionary<string, double> { ["total"] = i },
            }, folder))]);
        }
        Assert.That(EventRecords.ScalarsIn(Path.Combine(folder.TensorBoard, "adversarial")).Select(pair => (pair.Key.Step, pair.Value)),
            Is.EqualTo(new[] { (1L, 0f), (2L, 3f), (3L, 4f), (4L, 5f) }));
    }

    [Test]
    public void Mlflow_gets_each_value_once_through_stops()
    {
        using var server = new MlflowStub();
        Set("MLFLOW_TRACKING_URI", server.Address + "/");
        Set("MLFLOW_TRACKING_TOKEN", "secret-token");
        Set("MLFLOW_TRACKING_USERNAME", null);
        using var run = Begin("runs", """trackers=[{"kind":"mlflow","experiment":"of mine"}]""");
        run.Go((phase, step) => phase == Phase.Pretraining && step == 15);
        Assert.That(server.Runs.Single().Status, Is.EqualTo("KILLED"));
        run.Go((phase, step) => phase == Phase.Adversarial && step == 3);
        foreach (var checkpoint in Checkpoint.In(run.Folder.Checkpoints).Where(one => one.Phase == "adversarial" && one.Step > 2))
            checkpoint.Delete(); // as if it had been killed: lines that the server has are computed again
        run.Go();
        var told = server.Runs.Single();
        Assert.That(server.Faults, Is.Empty);
        Assert.That(run.Messages.Where(message => message.StartsWith("warning", StringComparison.Ordinal)), Is.Empty);
        Assert.That((told.Status, told.Experiment, told.Name, told.Tags["outcome"], told.Tags["seed"]),
            Is.EqualTo(("FINISHED", "7", "small/1", "finished", "1")));
        Assert.That(told.EndTime, Is.GreaterThan(1_600_000_000_000));
        Assert.That(server.Experiments.Keys, Is.EqualTo(new[] { "of mine" }));
        var logged = Log(run.Folder).SelectMany(line => line.Values.Select(pair => ($"{line.Phase}/{pair.Key}", line.Step, pair.Value)))
            .ToList();
        // Times differ where a line was computed twice, and so do speeds.
        bool IsOfClock(string name) => name.EndsWith("tokensPerSecond", StringComparison.Ordinal);
        Assert.That(told.Metrics.Where(one => !IsOfClock(one.Key)).Select(one => (one.Key, one.Step, one.Value)),
            Is.EqualTo(logged.Where(one => !IsOfClock(one.Item1))));
        Assert.That(told.Metrics.Count, Is.EqualTo(logged.Count));
        Assert.That((told.Parameters["generator.kind"], told.Parameters["discriminators.1.name"], told.Parameters["training.iterations"]),
            Is.EqualTo(("lstm", "helpful", "6")));
        Assert.That(server.Authorization, Is.EqualTo("Bearer secret-token"));
        foreach (var file in Directory.EnumerateFiles(run.Folder.Root, "*", SearchOption.AllDirectories))
        {
            var bytes = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.That(bytes, Does.Not.Contain("secret-token").And.Not.Contain(server.Address), file);
        }
    }

    [Test]
    public void Mlflow_gets_many_values_in_parts()
    {
        using var server = new MlflowStub();
        var folder = new RunFolder(Path.Combine(small.Folder, "runs", "name", "3"));
        Directory.CreateDirectory(folder.Root);
        TrackedLine Line(long step, int values) => new(new MetricLine
        {
            Phase = "adversarial", Step = step, Seconds = step,
            Values = Enumerable.Range(0, values).ToDictionary(i => $"value/{i}:ü", i => i == 0 ? double.NaN : i),
        }, folder);
        Tracker Tracker() => new MlflowTrackerOptions().Build(
            new(folder, new JsonObject
            {
                ["$base"] = "/here", ["long"] = new string('x', 9000), ["empty"] = "", ["list"] = new JsonArray(1, 2),
            })
            {
                Variable = name => name switch
                {
                    "MLFLOW_TRACKING_URI" => server.Address, "MLFLOW_TRACKING_USERNAME" => "me", "MLFLOW_TRACKING_PASSWORD" => "pass",
                    _ => null,
                },
            });
        using (var tracker = Tracker()) tracker.Write([Line(1, 600), Line(2, 600), Line(3, 2300), Line(4, 1)]);
        var run = server.Runs.Single();
        Assert.That((server.Faults.Count, run.Metrics.Count, run.Batches), Is.EqualTo((0, 3501, 6)));
        Assert.That(run.Metrics[0].Key, Is.EqualTo("adversarial/value/0__"));
        Assert.That(double.IsNaN(run.Metrics[0].Value));
        Assert.That(run.Parameters.Keys, Is.EqualTo(new[] { "long", "list.0", "list.1" }));
        Assert.That(run.Parameters["long"], Is.EqualTo(new string('x', 497) + "..."));
        Assert.That(server.Authorization, Is.EqualTo("Basic " + Convert.ToBase64String("me:pass"u8)));
        using (var tracker = Tracker()) tracker.Write([Line(1, 600), Line(2, 600), Line(3, 2300), Line(4, 1), Line(5, 2)]);
        Assert.That((server.Runs.Count, run.Metrics.Count), Is.EqualTo((1, 3503)));
        server.Runs.Clear(); // somebody deleted it: there is a new one, with everything
        using (var tracker = Tracker()) tracker.Write([Line(1, 600), Line(2, 2)]);
        Assert.That(server.Runs.Single().Metrics.Count, Is.EqualTo(602));
    }

    [Test]
    public void A_tracker_that_fails_is_a_warning_and_is_given_the_rest_later()
    {
        using var server = new MlflowStub { Failing = 3 };
        Set("MLFLOW_TRACKING_URI", server.Address);
        using var run = Begin("runs", """trackers=["mlflow","csv"]""");
        Assert.That(run.Go().Outcome, Is.EqualTo("finished"));
        var address = server.Address;
        Assert.That(run.Messages.Where(message => message.StartsWith("warning", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $"warning: tracker 'mlflow' failed and will be tried again: {address} experiments/get-by-name: 503 " +
                "TEMPORARILY_UNAVAILABLE busy",
            "warning: tracker 'mlflow' has not got all of the run's log; metrics.jsonl has the rest",
        }).Or.EqualTo(new[]
        {
            $"warning: tracker 'mlflow' failed and will be tried again: {address} experiments/get-by-name: 503 " +
                "TEMPORARILY_UNAVAILABLE busy",
        }));
        Assert.That(TableTrackerTests.Rows(Path.Combine(run.Folder.Root, "metrics.csv")), Is.Not.Empty, "the other tracker");
    }

    [Test]
    public void A_server_that_is_not_there_stops_nothing()
    {
        string address;
        using (var gone = new MlflowStub()) address = gone.Address;
        Set("MLFLOW_TRACKING_URI", address);
        using var run = Begin("runs", """trackers=["mlflow"]""");
        Assert.That(run.Go().Outcome, Is.EqualTo("finished"));
        var warnings = run.Messages.Where(message => message.StartsWith("warning", StringComparison.Ordinal)).ToList();
        Assert.That(warnings, Has.Count.EqualTo(2));
        Assert.That(warnings[0],
            Does.StartWith($"warning: tracker 'mlflow' failed and will be tried again: {address} experiments/get-by-name: "));
        Assert.That(warnings[1],
            Is.EqualTo("warning: tracker 'mlflow' has not got all of the run's log; metrics.jsonl has the rest"));
    }

    [TestCase(null, "tracker 'mlflow': the environment variable MLFLOW_TRACKING_URI is not set; it is the address of the MLflow " +
        "server, such as http://localhost:5000.")]
    [TestCase("file:///mlruns", "the environment variable MLFLOW_TRACKING_URI: names a folder. MLflow keeps runs in a database " +
        "behind a server; start one with 'mlflow server' and give its address, such as http://localhost:5000.")]
    [TestCase("/mlruns", "the environment variable MLFLOW_TRACKING_URI: names a folder. MLflow keeps runs in a database behind " +
        "a server; start one with 'mlflow server' and give its address, such as http://localhost:5000.")]
    [TestCase("databricks", "the environment variable MLFLOW_TRACKING_URI: is not an http or https address of an MLflow server.")]
    [TestCase("http://me:pass@localhost:1", "the environment variable MLFLOW_TRACKING_URI: has a user name or password in it; give " +
        "them by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.")]
    public void A_server_that_cannot_be_meant_is_rejected_before_anything_is_trained(string? address, string message)
    {
        Set("MLFLOW_TRACKING_URI", address);
        using var run = Begin("runs", """trackers=["tensorboard","mlflow"]""");
        Assert.That(() => run.Go(), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(message));
        Assert.That(File.Exists(run.Folder.Metrics), Is.False);
    }

    [TestCase("metric/nll", true)]
    [TestCase("discriminator/real/heldOutScoreReal", true)]
    [TestCase("discriminator/heldOutJudge/loss", false)]
    [TestCase("term/heldOutJudge/raw", false)]
    public void Evaluations_are_told_by_their_figures(string name, bool isEvaluation) => Assert.That(new TrackedLine(new MetricLine
    {
        Phase = "adversarial", Step = 1, Seconds = 1, Values = new Dictionary<string, double> { [name] = 1 },
    }, new RunFolder(small.Folder)).IsEvaluation, Is.EqualTo(isEvaluation));

    [Test]
    public void Mlflow_takes_an_experiment_that_another_run_makes_at_once_and_leaves_a_deleted_run()
    {
        using var server = new MlflowStub { IsOvertaken = true };
        var folder = new RunFolder(Path.Combine(small.Folder, "runs", "name", "3"));
        Directory.CreateDirectory(folder.Root);
        Tracker Tracker() => new MlflowTrackerOptions().Build(new(folder, [])
        {
            // A line break at the end, as a file of a secret has it.
            Variable = name => name == "MLFLOW_TRACKING_URI" ? server.Address : name == "MLFLOW_TRACKING_TOKEN" ? "token\n" : null,
        });
        TrackedLine[] lines = [new(new MetricLine
        {
            Phase = "adversarial", Step = 1, Seconds = 1, Values = new Dictionary<string, double> { ["total"] = 1 },
        }, folder)];
        using (var tracker = Tracker()) tracker.Write(lines);
        Assert.That((server.Runs.Single().Experiment, server.Authorization), Is.EqualTo(("7", "Bearer token")));
        using (var tracker = Tracker()) tracker.Write(lines);
        Assert.That(server.Runs, Has.Count.EqualTo(1));
        server.Runs[0].IsDeleted = true;
        using (var tracker = Tracker()) tracker.Write(lines);
        Assert.That(server.Runs.Select(run => run.Metrics.Count), Is.EqualTo(new[] { 1, 1 }));
        Assert.That(server.Faults, Is.Empty);
    }

    [Test]
    public void One_tracker_of_a_kind_is_enough() =>
        Assert.That(() => small.Read("""trackers=["csv","parquet",{"kind":"csv"}]"""), Throws.TypeOf<InvalidInputException>().With.Message
            .EqualTo("--set trackers: $.trackers[2]: is of the same kind as a tracker before it; one of each kind is enough. (experiment " +
                "'small')"));
}
