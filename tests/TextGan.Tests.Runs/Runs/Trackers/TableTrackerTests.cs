using System.Text;
using Parquet.Serialization;
using Parquet.Serialization.Attributes;
using TextGan.Runs.Trackers;

namespace TextGan.Tests.Runs.Trackers;

/// <summary>The trackers "csv" and "parquet": tables of a run's figures and samples.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TableTrackerTests : IDisposable
{
    readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    sealed record Metric([property: ParquetRequired] string phase, long step, double seconds, [property: ParquetRequired] string name,
        double value)
    {
        public Metric() : this("", 0, 0, "", 0)
        {
        }
    }

    sealed record Sample([property: ParquetRequired] string phase, long step, int number, string? prompt, int? group,
        [property: ParquetRequired] string text, int tokens, bool ended)
    {
        public Sample() : this("", 0, 0, null, null, "", 0, false)
        {
        }
    }

    [Test]
    public void Tables_have_the_log_and_the_samples()
    {
        using var run = new InterruptedRun(
            small.Read("pretraining.checkpointEvery=5", "training.iterations=6", "training.checkpointEvery=4",
                """trackers=["csv","parquet"]"""),
            Path.Combine(small.Folder, "runs"));
        var log = SmallRun.Lines(run.Go());
        var expected = log.SelectMany(line => line.Values.Select(pair =>
            new Metric(line.Phase, line.Step, line.Seconds, pair.Key, pair.Value))).ToList();
        Assert.That(Parquet<Metric>(run.Folder, "metrics"), Is.EqualTo(expected));
        var rows = Rows(Path.Combine(run.Folder.Root, "metrics.csv"));
        Assert.That(rows[0], Is.EqualTo(new[] { "phase", "step", "seconds", "name", "value" }));
        Assert.That(rows.Skip(1).Select(row => new Metric(row[0], long.Parse(row[1]), Number(row[2]), row[3], Number(row[4]))),
            Is.EqualTo(expected));
        var samples = log.Select(line => (line.Phase, line.Step)).Distinct()
            .Where(at => File.Exists(run.Folder.SamplesOf(at.Phase, at.Step)))
            .SelectMany(at => File.ReadLines(run.Folder.SamplesOf(at.Phase, at.Step)).Select(SampleLine.Parse).Select((line, number) =>
                (Row: new Sample(at.Phase, at.Step, number, line.Prompt, line.Group, line.Text, line.Tokens, line.Ended), line.Scores)))
            .ToList();
        Assert.That(samples.Select(sample => sample.Row.step).Distinct().Count(), Is.GreaterThan(3));
        Assert.That(Parquet<Sample>(run.Folder, "samples"), Is.EqualTo(samples.Select(sample => sample.Row)));
        rows = Rows(Path.Combine(run.Folder.Root, "samples.csv"));
        Assert.That(rows[0], Is.EqualTo(new[] { "phase", "step", "number", "prompt", "group", "text", "tokens", "ended", "score/helpful",
            "score/real" }));
        Assert.That(rows.Skip(1).Select(row => (row[5], row[7], row[9])), Is.EqualTo(samples.Select(sample => (sample.Row.text,
            sample.Row.ended ? "true" : "false",
            sample.Scores.TryGetValue("real", out var score) ? score.ToString(System.Globalization.CultureInfo.InvariantCulture) : ""))));
    }

    [Test]
    public void Csv_quotes_what_has_commas_quotes_and_line_breaks()
    {
        var folder = new RunFolder(Path.Combine(small.Folder, "run"));
        Directory.CreateDirectory(folder.Samples);
        File.WriteAllText(folder.SamplesOf("adversarial", 1),
            new SampleLine { Text = "a \"b\", c\nd\u001b[0m", Tokens = 3, Ended = true, Prompt = "=1" }.ToJson());
        using var tracker = new CsvTrackerOptions().Build(new(folder, []));
        tracker.Write([new(new MetricLine { Phase = "adversarial", Step = 1, Seconds = 0.5, Values = new Dictionary<string, double>
        {
            ["metric/x"] = double.NaN,
        } }, folder)]);
        Assert.That(Directory.EnumerateFiles(folder.Root), Is.Empty, "more lines may follow");
        tracker.Flush();
        Assert.That(File.ReadAllText(Path.Combine(folder.Root, "metrics.csv")),
            Is.EqualTo("phase,step,seconds,name,value\r\nadversarial,1,0.5,metric/x,NaN\r\n"));
        Assert.That(File.ReadAllText(Path.Combine(folder.Root, "samples.csv")), Is.EqualTo(
            "phase,step,number,prompt,group,text,tokens,ended\r\nadversarial,1,0,=1,,\"a \"\"b\"\", c\\nd\\u001b[0m\",3,true\r\n"));
    }

    /// <summary>A long log, as of a resumed run, comes in pieces; tables are written when all of them were given.</summary>
    [Test]
    public void Pieces_of_a_log_are_written_together()
    {
        var folder = new RunFolder(Path.Combine(small.Folder, "run"));
        Directory.CreateDirectory(folder.Root);
        File.WriteAllLines(folder.Metrics, new[] { 1L, 2, 3 }.Select(step => new MetricLine
        {
            Phase = "adversarial", Step = step, Seconds = 1, Values = new Dictionary<string, double> { ["metric/x"] = double.NaN },
            Missing = new Dictionary<string, string> { ["metric/x"] = new('x', 3_000_000) },
        }.ToJson()));
        var calls = new List<string>();
        var sink = new TrackerSink([new RecordingOptions(calls)], new(folder, []), new SilentObserver());
        sink.End("finished");
        Assert.That(calls.Take(4), Is.EqualTo(new[] { "1 line", "1 line", "1 line", "flush" }));
        Assert.That(calls[^1], Is.EqualTo("finished"));
    }

    sealed record RecordingOptions(List<string> Calls) : TrackerOptions
    {
        public override Tracker Build(TrackerContext context) => new Recording(Calls);

        sealed class Recording(List<string> calls) : Tracker
        {
            public override void Write(IReadOnlyList<TrackedLine> lines) => calls.Add($"{lines.Count} line");

            public override void Flush() => calls.Add("flush");

            public override void End(string outcome) => calls.Add(outcome);
        }
    }

    static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    static IList<T> Parquet<T>(RunFolder folder, string name) where T : class, new()
    {
        using var stream = File.OpenRead(Path.Combine(folder.Root, $"{name}.parquet"));
        return ParquetSerializer.DeserializeAsync<T>(stream).GetAwaiter().GetResult().Data;
    }

    /// <summary>RFC 4180, by a reader of the test's own.</summary>
    internal static List<string[]> Rows(string path)
    {
        var (rows, row, field, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        var text = File.ReadAllText(path);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
            else if (text[i] == '"') quoted = !quoted;
            else if (!quoted && text[i] == ',') Next();
            else if (!quoted && text[i] == '\r' && text[i + 1] == '\n')
            {
                Next();
                rows.Add([.. row]);
                row.Clear();
                i++;
            }
            else field.Append(text[i]);
        }
        return rows;

        void Next()
        {
            row.Add(field.ToString());
            field.Clear();
        }
    }

    [Test]
    public void A_run_that_only_evaluates_is_tracked()
    {
        using var run = new InterruptedRun(small.Read("pretraining=null", "training.iterations=0", """trackers=["csv"]"""),
            Path.Combine(small.Folder, "runs"));
        var result = run.Go();
        Assert.That(result.Outcome, Is.EqualTo("finished"));
        Assert.That(Rows(Path.Combine(run.Folder.Root, "metrics.csv")).Skip(1).Select(row => row[3]),
            Is.EqualTo(SmallRun.Lines(result).Single().Values.Keys));
        Assert.That(Rows(Path.Combine(run.Folder.Root, "samples.csv")), Has.Count.EqualTo(11));
    }
}
