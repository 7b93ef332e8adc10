using System.Text.Json.Nodes;
using TextGan.Runs;
using TextGan.Tests.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Cli;

/// <summary>Averages of trained runs: "a" and "b" with seeds 1 and 2 share their pretraining, the others do not.</summary>
public sealed class SoupCommandTests
{
    static SmallRun place = null!;

    [OneTimeSetUp]
    public void Train()
    {
        place = new SmallRun();
        const string average = "training.weightAverage=0.5", quick = "training.optimizer={\"kind\":\"adam\",\"learningRate\":0.02}";
        Run("name=a", "seeds=[1,2]", average, quick);
        Run("name=b", "seeds=[1,2]", average, quick, "discriminators.helpful.weight=3");
        Run("name=other-pretraining", "pretraining.epochs=1");
        Run("name=wide", "generator.hidden=13", "training.iterations=0");
        Run("name=words", "data.text.sentences=20", "training.iterations=0");
        Run("name=random", "pretraining=null", "seeds=[1,2]");
        Run("name=started", "pretraining=null", "start={\"run\":\"runs/a/1\",\"step\":2}");
        Run("name=start-again", "pretraining=null", "start={\"run\":\"runs/a/1\",\"step\":2}", quick);

        static void Run(params string[] changes)
        {
            foreach (var result in place.Run(new SilentObserver(), default, changes))
                Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        }
    }

    [OneTimeTearDown]
    public void CleanUp() => place.Dispose();

    static CommandRun Do(params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    static string At(params string[] parts) => Path.Combine([place.Folder, .. parts]);

    static CommandRun Soup(params string[] arguments)
    {
        var run = Do(["soup", .. arguments]);
        Assert.That(run.Code, Is.Zero, run.Error);
        return run;
    }

    /// <summary>Metric by name as a command measures it now.</summary>
    static Dictionary<string, double> Measured(string run) => JsonNode.Parse(Do("measure", run).Output)!["values"]!.AsObject()
        .ToDictionary(pair => "metric/" + pair.Key, pair => (double)pair.Value!);

    static MetricLine Line(params string[] folder) =>
        MetricLine.Parse(File.ReadAllLines(Path.Combine(At(folder), "metrics.jsonl")).Single());

    static Dictionary<string, double[]> Weights(params string[] folder)
    {
        using var stored = StoredRun.Load(At(folder), CPU);
        return stored.Generator.named_parameters().ToDictionary(one => one.name,
            one => one.parameter.detach().to(float64).flatten().data<double>().ToArray());
    }

    [Test]
    public void All_of_one_run_is_that_run_to_the_bit()
    {
        Soup("runs/a/1", "runs/b/1", "--weights", "1,0", "--weights", "0,1", "-o", "ends");
        Assert.That(Weights("ends", "soup-1-0", "1"), Is.EqualTo(Weights("runs", "a", "1")), "the averages, by which runs are measured");
        Assert.That(Weights("ends", "soup-0-1", "1"), Is.EqualTo(Weights("runs", "b", "1")));
        Assert.That(Weights("runs", "a", "1"), Is.Not.EqualTo(Weights("runs", "b", "1")));
        var (line, own) = (Line("ends", "soup-1-0", "1"), Measured("runs/a/1"));
        Assert.That((line.Phase, line.Step), Is.EqualTo(("adversarial", 4)));
        Assert.That(line.Values, Is.EquivalentTo(own));
        Assert.That(Line("ends", "soup-0-1", "1").Values, Is.EquivalentTo(Measured("runs/b/1")));
        // What the run logged itself, but for the last bits.
        var logged = File.ReadAllLines(At("runs", "a", "1", "metrics.jsonl")).Select(MetricLine.Parse)
            .Last(one => one.Values.ContainsKey("metric/nll-text"));
        foreach (var (name, value) in line.Values) Assert.That(value, Is.EqualTo(logged.Values[name]).Within(1e-6), name);
        Assert.That(line.Samples!["metric/helpful"], Is.EqualTo(10));
    }

    [Test]
    public void Weights_are_the_weighted_means()
    {
        Soup("runs/a/1", "runs/b/1", "--weights", ".25,.75", "-o", "means", "--name", "mix");
        var (a, b) = (Weights("runs", "a", "1"), Weights("runs", "b", "1"));
        foreach (var (name, mean) in Weights("means", "mix-0.25-0.75", "1"))
            Assert.That(mean, Is.EqualTo(a[name].Zip(b[name], (x, y) => (double)(float)(0.25 * x + 0.75 * y))), name);
        var sources = JsonNode.Parse(File.ReadAllText(At("means", "mix-0.25-0.75", "1", "soup.json")))!["runs"]!.AsArray();
        Assert.That(sources.Select(source => (string)source!["run"]!), Is.EqualTo([At("runs", "a", "1"), At("runs", "b", "1")]));
        Assert.That(sources.Select(source => (double)source!["weight"]!), Is.EqualTo([0.25, 0.75]));
        Assert.That((string)sources[1]!["checkpoint"]!, Is.EqualTo("adversarial-00000004"));
    }

    [Test]
    public void A_line_between_experiments_has_a_soup_per_step_and_seed_that_commands_read_as_runs()
    {
        var run = Soup("runs/a", "runs/b", "--steps", "4", "-o", "line");
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(
            from seed in (int[])[1, 2] from name in (string[])["soup-0.75-0.25", "soup-0.5-0.5", "soup-0.25-0.75"]
            select At("line", name, $"{seed}")));
        Assert.That(run.Error, Does.Match(@"soup-0\.5-0\.5/2 +\d"));
        Assert.That(Directory.EnumerateFileSystemEntries(At("line", "soup-0.5-0.5")).Count(), Is.EqualTo(2), "nothing is half-written");

        Assert.That(Do("sample", "line/soup-0.5-0.5/1", "-n", "2").Output.Split('\n'), Has.Length.EqualTo(3));
        Assert.That(Measured("line/soup-0.5-0.5/2"), Is.EquivalentTo(Line("line", "soup-0.5-0.5", "2").Values));
        var kl = Do("measure", "line/soup-0.5-0.5/1", "-m", "reference-kl");
        Assert.That((double)JsonNode.Parse(kl.Output)!["values"]!["reference-kl"]!, Is.Positive, "the start is kept");
        Assert.That(File.ReadAllLines(At("line", "soup-0.5-0.5", "1", "samples", "adversarial-00000004.jsonl")), Has.Length.EqualTo(10));
        Assert.That(Do("status", "line").Output, Does.Contain("finished"));

        var front = Do("front", "runs/a", "runs/b", "line", "-o", "front");
        Assert.That((front.Code, front.Error), Is.EqualTo((0, "")));
        var rows = File.ReadAllLines(At("front", "front.csv"))[1..].Select(row => row.Split(',')[..3]).ToArray();
        Assert.That(rows.Select(row => string.Join(' ', row)), Is.EqualTo([
            "a run 2", "b run 2", "soup-0.25-0.75 soup 2", "soup-0.5-0.5 soup 2", "soup-0.75-0.25 soup 2"]));
        Assert.That(File.ReadAllText(At("front", "front.svg")), Does.Match(@">\s*soup\s*<"));
    }

    [Test]
    public void Runs_that_start_from_the_same_checkpoint_share_it_and_so_do_random_weights_of_one_seed()
    {
        Soup("runs/started/1", "runs/start-again/1", "--weights", ".5,.5", "-o", "started");
        Soup("runs/random/1", "runs/random/1", "--weights", ".5,.5", "-o", "random");
    }

    [Test]
    public void Runs_of_other_starts_are_rejected()
    {
        void Rejected(string other, string reason)
        {
            var run = Do("soup", "runs/a/1", other, "--weights", ".5,.5", "-o", "rejected");
            Assert.That(run, Is.EqualTo(new CommandRun(2, "",
                $"{At(other)}: cannot be averaged with {At("runs/a/1")}, for they share no start: {reason}.\n")));
            Assert.That(Directory.Exists(At("rejected")), Is.False);
        }
        const string weights = "their adversarial phases began with other weights ('embedding.weight')";
        Rejected("runs/a/2", weights);
        Rejected("runs/other-pretraining/1", weights);
        Rejected("runs/wide/1", "generator.hidden is 12 there and 13 here");
        Rejected("runs/random/1", "it began with the random weights of seed 1, the other with a pretraining of its own");
        var random = Do("soup", "runs/random/1", "runs/random/2", "--weights", ".5,.5", "-o", "rejected");
        Assert.That(random.Error, Does.Contain(
            "it began with the random weights of seed 2, the other with the random weights of seed 1."));
        Assert.That(Do("soup", "runs/a/1", "runs/words/1", "--weights", ".5,.5", "-o", "rejected").Error,
            Does.Contain("they share no start: the tokenizers differ ("));
        Assert.That(Do("soup", "runs/a/1", "runs/started/1", "--weights", ".5,.5", "-o", "rejected").Error,
            Does.Contain("of another run, the other with a pretraining of its own."));
    }

    [Test]
    public void What_is_wrong_is_said_and_nothing_is_written()
    {
        void Rejected(string message, params string[] arguments) =>
            Assert.That(Do(["soup", .. arguments, "-o", "wrong"]), Is.EqualTo(new CommandRun(2, "", message + "\n")));
        Rejected("RUN: one run is given; a soup is the mean of two or more.", "runs/a/1", "--weights", "1");
        Rejected("nowhere: does not exist.", "runs/a/1", "nowhere", "--weights", ".5,.5");
        Rejected("--weights: give either the weights or, of two runs, --steps.", "runs/a/1", "runs/b/1");
        Rejected("--weights: give either the weights or, of two runs, --steps.",
            "runs/a/1", "runs/b/1", "--weights", "1,0", "--steps", "2");
        Rejected("--weights: the sum of '.5,.6' is 1.1; it must be 1.", "runs/a/1", "runs/b/1", "--weights", ".5,.6");
        Rejected("--weights: '.5,.25,.25' has 3 weights for 2 runs; give one for each.",
            "runs/a/1", "runs/b/1", "--weights", ".5,.25,.25");
        Rejected("--weights: '-1' of '-1,2' is not a number from 0 to 1.", "runs/a/1", "runs/b/1", "--weights=-1,2");
        Rejected("--weights: 'half' of 'half,.5' is not a number from 0 to 1.", "runs/a/1", "runs/b/1", "--weights", "half,.5");
        Rejected("--weights: two soups would be called soup-0.5-0.5.",
            "runs/a/1", "runs/b/1", "--weights", ".5,.5", "--weights", "0.50,.5");
        Rejected("--steps: 1 is out of range; 2 to 100 are allowed.", "runs/a/1", "runs/b/1", "--steps", "1");
        Rejected("--steps: there are 3 runs; a line has two ends. Give --weights.", "runs/a/1", "runs/b/1", "runs/a/1", "--steps", "2");
        Rejected("--name: 'a/b' cannot be an experiment's name; letters, digits, '-', '_' and '.' can.",
            "runs/a/1", "runs/b/1", "--weights", ".5,.5", "--name", "a/b");
        Rejected("runs/b/1: has the seeds 1, and runs/a has 1, 2; equal seeds are averaged, so both need the same ones. Name single runs " +
            "such as runs/EXPERIMENT/SEED.", "runs/a", "runs/b/1", "--weights", ".5,.5");
        Directory.CreateDirectory(At("taken", "soup-0.5-0.5", "1"));
        Assert.That(Do("soup", "runs/a/1", "runs/b/1", "--weights", ".5,.5", "-o", "taken"), Is.EqualTo(new CommandRun(2, "",
            $"{At("taken", "soup-0.5-0.5", "1")}: is there already; name another folder or, by --name, another name.\n")));
        Assert.That(Directory.Exists(At("wrong")), Is.False);
    }

    [Test]
    public void Nothing_is_written_where_a_later_seed_cannot_be()
    {
        Directory.CreateDirectory(At("later", "soup-0.5-0.5", "2"));
        Assert.That(Do("soup", "runs/a", "runs/b", "--weights", ".5,.5", "-o", "later"), Is.EqualTo(new CommandRun(2, "",
            $"{At("later", "soup-0.5-0.5", "2")}: is there already; name another folder or, by --name, another name.\n")));
        Assert.That(Directory.GetDirectories(At("later", "soup-0.5-0.5")), Has.Length.EqualTo(1));
        // The first seeds share their pretraining, the second ones do not.
        foreach (var (from, name, seed) in ((string, string, string)[])[
            ("a", "one", "1"), ("b", "two", "1"), ("a", "one", "2"), ("other-pretraining", "two", "2")])
            Copy(At("runs", from, "1"), At("mixed", name, seed));
        var run = Do("soup", "mixed/one", "mixed/two", "--weights", ".5,.5", "-o", "unshared");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Is.EqualTo($"{At("mixed", "two", "2")}: cannot be averaged with {At("mixed", "one", "2")}, for they share " +
            "no start: their adversarial phases began with other weights ('embedding.weight').\n"));
        Assert.That(Directory.Exists(At("unshared")), Is.False);
    }

    [Test]
    public void What_a_killed_process_left_is_deleted()
    {
        foreach (var leftover in (string[])[".1.0123.tmp", ".2.0123.tmp"])
            Directory.CreateDirectory(At("left", "soup-0.5-0.5", leftover, "checkpoints"));
        Soup("runs/a/1", "runs/b/1", "--weights", ".5,.5", "-o", "left");
        Assert.That(Directory.GetDirectories(At("left", "soup-0.5-0.5")).Select(Path.GetFileName),
            Is.EquivalentTo([".2.0123.tmp", "1"]), "another seed may be another process's");
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [Platform(Exclude = "Win")]
    public void A_signal_stops_between_soups(string signal, int code)
    {
        var output = $"stopped-{signal}";
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "soup", "runs/a/1", "runs/b/1", "--steps", "100", "-o", output])
        {
            WorkingDirectory = place.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Assert.That(() => Directory.Exists(At(output)) && Directory.EnumerateDirectories(At(output), ".1.*.tmp",
            SearchOption.AllDirectories).Any(), Is.True.After(30_000, 5));
        using (var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process.Id}"])) kill.WaitForExit();
        Assert.That(process.WaitForExit(30_000), Is.True);
        Assert.That(process.ExitCode, Is.EqualTo(code));
        var written = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(written, Has.Length.InRange(1, 98));
        Assert.That(Directory.GetDirectories(At(output)).SelectMany(Directory.GetDirectories),
            Is.EquivalentTo(written.Select(one => At(one))));
        Assert.That(process.StandardError.ReadToEnd(), Does.EndWith("Stopping after this soup. Press Ctrl+C again to abort.\n"));
    }

    static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
