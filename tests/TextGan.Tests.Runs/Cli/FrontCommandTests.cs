using TextGan.Tests.Reporting;

namespace TextGan.Tests.Cli;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FrontCommandTests : IDisposable
{
    readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    CommandRun Front(params string[] arguments) => CommandRun.In(place.Folder, null, ["front", .. arguments]);

    /// <summary>A run with one evaluation.</summary>
    void Write(string experiment, int seed, Dictionary<string, double> metrics, string? outcome = "finished", int samples = 100,
        bool isSoup = false, Dictionary<string, string>? missing = null, string runs = "runs")
    {
        var folder = RunFolder.Of(place.At(runs), experiment, seed);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllText(folder.Metrics, new MetricLine
        {
            Phase = "adversarial", Step = 4, Seconds = 0, Values = metrics.ToDictionary(one => "metric/" + one.Key, one => one.Value),
            Samples = metrics.Keys.ToDictionary(one => "metric/" + one, _ => samples),
            Missing = missing?.ToDictionary(one => "metric/" + one.Key, one => one.Value),
        }.ToJson() + "\n");
        if (outcome is not null) File.WriteAllText(folder.Outcome, $$"""{ "outcome": "{{outcome}}" }""");
        if (isSoup) File.WriteAllText(folder.Soup, "{}");
    }

    static Dictionary<string, double> Values(double helpful, double harmless, double grammatical = 0.9) => new()
    {
        ["grammatical"] = grammatical, ["helpful"] = helpful, ["harmless"] = harmless, ["nll-text"] = 2, ["length"] = 9,
    };

    void Three()
    {
        foreach (var seed in (int[])[1, 2])
        {
            Write("first", seed, Values(0.8 + seed / 100.0, 0.3));
            Write("second", seed, Values(0.2, 0.9 + seed / 100.0));
            Write("third", seed, Values(0.1, 0.2 + seed / 100.0));
        }
    }

    [Test]
    public void The_folder_of_all_runs_gives_pictures_and_tables()
    {
        Three();
        Write("soup-0.5-0.5", 1, Values(0.7, 0.7), isSoup: true);
        Directory.CreateDirectory(place.At("runs", "shared", "pretraining-1"));
        File.WriteAllText(place.At("runs", "shared", "pretraining-1", "metrics.jsonl"), "");
        var run = Front("runs");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(Directory.EnumerateFiles(place.At("plots", "front")).Select(Path.GetFileName),
            Is.EquivalentTo(["front.png", "front.svg", "front.csv", "hypervolume.csv"]));
        Assert.That(run.Output, Does.Match(@"third +2 +0\.100 +0\.215 \(0\.210 to 0\.220\) +0\.900 +first\*, second\*, soup-0\.5-0\.5\*"),
            "attributes of the exact source, and the grammatical share");
        Assert.That(run.Output, Does.Contain("Reference point: helpful 0.100, harmless 0.210, grammatical 0.900. Higher is better.\n" +
            "In brackets: smallest to largest seed. " +
            "'Dominated by' compares means in all of these metrics, without a test of significance.\n" +
            "*: its worst seed is at least as good as the other's best in every metric.\n"));
        // Helpful and harmless, means, without the soup: 0.1·0.705 + 0.615·0.09... of columns to (0.2, 0.915) and (0.815, 0.3).
        var volumes = File.ReadAllLines(place.At("plots", "front", "hypervolume.csv")).Select(line => line.Split(',')).ToArray();
        var trained = volumes.Single(cells => cells[0] == "helpful; harmless" && cells[2] == "without soups");
        Assert.That(double.Parse(trained[3], System.Globalization.CultureInfo.InvariantCulture),
            Is.EqualTo(0.1 * 0.705 + 0.615 * 0.09).Within(1e-12));
        Assert.That(trained[4], Is.EqualTo("2"));
        var svg = File.ReadAllText(place.At("plots", "front", "front.svg"));
        foreach (var name in (string[])["first", "second", "third", "soup", "reference point", "dominated in this plane"])
            Assert.That(svg, Does.Match($@">\s*{name}\s*<"), name);
    }

    [Test]
    public void Attributes_of_a_world_of_numbers_are_axes()
    {
        Write("first", 1, new() { ["rising"] = 0.1, ["falling"] = 0.9, ["high"] = 0.5, ["even"] = 0.6, ["evening"] = 7 });
        var run = Front("runs");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("Reference point: rising 0.100, falling 0.900, high 0.500, even 0.600. Higher is better.\n"));
    }

    [Test]
    public void Folders_that_are_still_being_written_are_no_runs()
    {
        Three();
        foreach (var experiment in (string[])["first", "unfinished"])
        {
            Write(experiment, 7, Values(1, 1));
            Directory.Move(place.At("runs", experiment, "7"), place.At("runs", experiment, ".7.0123.tmp"));
        }
        var run = Front("runs");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Match(@"first +2 ").And.Not.Contain("unfinished"));
    }

    [Test]
    public void Axes_directions_and_the_reference_may_be_chosen()
    {
        Three();
        var run = Front("runs/first", "runs/second/1", "--x", "length", "--y", "helpful", "--lower", "length", "--reference", "length=10",
            "--reference", "helpful=0", "-o", "here");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("Reference point: length 10.00, helpful 0. Higher is better, but lower of length."));
        Assert.That(run.Output, Does.Match(@"second +1 +9\.000 +0\.200 +first\*"));
        Assert.That(File.ReadAllLines(place.At("here", "hypervolume.csv"))[1],
            Does.StartWith("length; helpful,10; 0,all,0.815"), "1·0.815: the second adds nothing");
    }

    [Test]
    public void What_is_left_out_is_named()
    {
        Three();
        Write("second", 3, Values(0.2, 0.9), outcome: null);
        Write("third", 3, Values(0.2, 0.9), outcome: "failed");
        var without = Values(0.9, 0.9);
        without["helpful"] = double.NaN;
        Write("fourth", 1, without, missing: new() { ["helpful"] = "there is no text" });
        foreach (var seed in (int[])[1, 2])
        {
            var more = Values(0.8, 0.3);
            more["gold-extra"] = 1;
            Write("first", seed, more);
        }
        var run = Front("runs");
        Assert.That(run.Code, Is.Zero);
        Assert.That(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Replace(place.Folder + "/", "")),
            Is.EqualTo([
            "runs/second/3 is left out: it has not finished", "runs/third/3 is left out: it has not finished",
            "gold-extra is no axis: fourth, second, third did not measure it",
            "fourth/1 is left out: it has no value of helpful (there is no text)"]));
        Assert.That(run.Output, Does.Not.Contain("fourth"));
    }

    [Test]
    public void One_experiment_alone_is_drawn_and_says_that_no_spread_is_known()
    {
        Write("only", 1, Values(0.8, 0.3));
        var run = Front("runs/only/1");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("One seed each: nothing is known of the spread. 'Dominated by' compares values in all"));
        Assert.That(File.ReadAllLines(place.At("plots", "front", "hypervolume.csv"))[1],
            Is.EqualTo("helpful; harmless; grammatical,0.8; 0.3; 0.9,all,0,1,0,0,0"));
    }

    [Test]
    public void Many_experiments_stand_in_the_legend()
    {
        for (var i = 0; i < 9; i++) Write($"experiment-{i}", 1, Values(i / 10.0, 1 - i / 10.0));
        Assert.That(Front("runs", "--x", "helpful", "--y", "harmless").Code, Is.Zero);
        Assert.That(File.ReadAllText(place.At("plots", "front", "front.svg")), Does.Match(@">\s*experiment-8\s*<"));
    }

    [Test]
    public void What_is_wrong_is_said_and_nothing_is_drawn()
    {
        Three();
        void Rejected(string message, params string[] arguments)
        {
            var run = Front(arguments);
            Assert.That((run.Code, run.Output, run.Error), Is.EqualTo((2, "", message + "\n")));
        }
        const string All = "grammatical, helpful, harmless, nll-text, length";
        Rejected("nowhere: does not exist.", "nowhere");
        Rejected($"--x: no run has measured 'help'; there are {All}.", "runs", "--x", "help", "--y", "harmless");
        Rejected("--y: is given once and --x 2 times; a plane needs both.", "runs", "--x", "helpful", "--x", "length", "--y", "harmless");
        Rejected("--y: the name 'length' does not tell which end is better; say so by --lower length or --higher length.",
            "runs", "--x", "helpful", "--y", "length");
        Rejected("--y: 'helpful' would be drawn against itself.", "runs", "--x", "helpful", "--y", "helpful");
        Rejected("--lower: 'length' is also given to --higher.", "runs", "--lower", "length", "--higher", "length");
        Rejected("--reference: 'helpful' is not METRIC=VALUE with a finite value.", "runs", "--reference", "helpful");
        Rejected("--reference: 'helpful=NaN' is not METRIC=VALUE with a finite value.", "runs", "--reference", "helpful=NaN");
        Rejected("--reference: 'helpful' is given twice.", "runs", "--reference", "helpful=1", "--reference", "helpful=2");
        Rejected("--reference: 'length' is no axis; the axes are helpful, harmless, grammatical.", "runs", "--reference", "length=1");
        Write("bare", 1, new() { ["length"] = 3 });
        Rejected("--x: there are no two metrics that show a trade-off, such as 'helpful', 'gold-NAME' or 'rule-NAME' and 'grammatical' " +
            "or 'nll', in all runs; choose axes by --x and --y: length.", "runs/bare");
        Write("empty", 1, []);
        Rejected("RUN: the runs have measured nothing.", "runs/empty");
        Rejected("--x: no run has measured 'a'; none has measured anything.\n--y: no run has measured 'b'; none has measured anything.",
            "runs/empty", "--x", "a", "--y", "b");
        foreach (var (name, seed) in ((string, int)[])[("first", 1), ("first", 2), ("second", 1)])
            Write(name, seed, Values(1, 1), runs: "other");
        Rejected("RUN: 'first' is given twice with seed 1; name one of them.\nRUN: 'first' is given twice with seed 2; name one of them.",
            "runs/first", "runs/second", "other/first");
        Directory.Move(place.At("other", "second", "1"), place.At("other", "second", "01"));
        Rejected("RUN: 'second' is given twice with seed 1; name one of them.", "runs/second", "other/second");
        Write("running", 1, Values(1, 1), outcome: null);
        var unfinished = Front("runs/running");
        Assert.That((unfinished.Code, unfinished.Error.Split('\n')[1]), Is.EqualTo((2, "RUN: no run has finished.")));
        foreach (var (name, samples) in ((string, int)[])[("few", 10), ("many", 1000)])
            Write(name, 1, new() { ["self-bleu-2"] = 0.5, ["helpful"] = 0.5 }, samples: samples);
        Rejected("self-bleu-2: changes with the number of samples, and the runs have 10 and 1,000; choose other axes.",
            "runs/few", "runs/many", "--x", "self-bleu-2", "--y", "helpful");
        Assert.That(Directory.Exists(place.At("plots")), Is.False);
    }
}
