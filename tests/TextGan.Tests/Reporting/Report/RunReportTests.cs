using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TextGan.Reporting.Report;

namespace TextGan.Tests.Reporting.Report;

/// <summary>What a report holds, read from the data in its page.</summary>
public sealed class RunReportTests : FileTests
{
    JsonElement Data(params string[] runs) => ReportRuns.DataIn(RunReport.Write(runs, files.PathOf("report.html"))!.File);

    /// <summary>A run that logs values of one name at steps of the adversarial phase.</summary>
    string Write(string experiment, int seed, string name, IEnumerable<(long Step, double Value)> values)
    {
        var folder = RunFolder.Of(files.PathOf("runs"), experiment, seed);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllLines(folder.Metrics, values.Select(one => new MetricLine
        {
            Phase = "adversarial", Step = one.Step, Seconds = one.Step, Values = new Dictionary<string, double> { [name] = one.Value },
        }.ToJson()));
        return folder.Root;
    }

    static (double[] Steps, double?[] Values) Curve(JsonElement data, JsonElement curve)
    {
        var sum = 0.0;
        return ([.. data.GetProperty("curves").GetProperty("steps")[curve.GetProperty("steps").GetInt32()].EnumerateArray()
                .Select(step => sum += step.GetDouble())],
            [.. curve.GetProperty("values").EnumerateArray()
                .Select(value => value.ValueKind == JsonValueKind.Null ? null : (double?)value.GetDouble())]);
    }

    [Test]
    public void A_long_curve_keeps_spikes_ends_and_gaps_in_2000_points()
    {
        var run = Write("long", 1, "total", Enumerable.Range(1, 10_000).Select(i => ((long)i, i switch
        {
            4321 => 1e6, 8765 => -5.0, >= 6000 and < 6100 => double.NaN, _ => Math.Sin(i) + 0.123456789,
        })));
        var data = Data(run);
        var (steps, values) = Curve(data, data.GetProperty("curves").GetProperty("runs")[0]);
        Assert.That(values, Has.Length.InRange(1500, 2000));
        Assert.That(steps, Has.Length.EqualTo(values.Length));
        Assert.That(steps, Is.Ordered);
        Assert.That((steps[0], steps[^1]), Is.EqualTo((1.0, 10_000.0)));
        Assert.That(values[Array.IndexOf(steps, 4321.0)], Is.EqualTo(1e6));
        Assert.That(values[Array.IndexOf(steps, 8765.0)], Is.EqualTo(-5));
        Assert.That(values.Count(value => value is null), Is.EqualTo(1));
        Assert.That(steps[Array.IndexOf(values, null)], Is.InRange(5999.0, 6100.0));
        Assert.That(values[0], Is.EqualTo(0.9649), "sin(1) + 0.123456789 in four digits");
        Assert.That(data.GetProperty("notes").GetProperty("curves").EnumerateArray().Select(note => note.GetString()),
            Is.EqualTo(new[] { "Curves have at most 2,000 points; the smallest and largest values are kept." }));
    }

    [Test]
    public void A_short_curve_is_whole_and_shares_its_steps()
    {
        string[] runs = [.. ((int[])[1, 2]).Select(seed =>
            Write("short", seed, "metric/nll", [(0, seed), (50, double.PositiveInfinity), (100, seed + 0.5)]))];
        var data = Data(runs);
        var curves = data.GetProperty("curves");
        Assert.That(curves.GetProperty("runs").EnumerateArray().Select(curve => Curve(data, curve).Values), Is.EqualTo(
            (double?[][])[[1, null, 1.5], [2, null, 2.5]]));
        Assert.That(Curve(data, curves.GetProperty("means")[0]).Values, Is.EqualTo((double?[])[1.5, null, 2]));
        Assert.That(curves.GetProperty("steps").GetArrayLength(), Is.EqualTo(1));
        var run = data.GetProperty("runs")[1];
        Assert.That(run.GetProperty("values")[0].GetDouble(), Is.EqualTo(2.5));
        Assert.That(data.GetProperty("metrics")[0].GetProperty("higherIsBetter").GetBoolean(), Is.False);
    }

    [Test]
    public void A_value_that_could_not_be_computed_is_explained()
    {
        var folder = RunFolder.Of(files.PathOf("runs"), "one", 1);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllText(folder.Metrics, new MetricLine
        {
            Phase = "adversarial", Step = 4, Seconds = 0, Values = new Dictionary<string, double> { ["metric/distinct-4"] = double.NaN },
            Samples = new Dictionary<string, int> { ["metric/distinct-4"] = 500 },
            Missing = new Dictionary<string, string> { ["metric/distinct-4"] = "no sample has 4 tokens" },
        }.ToJson() + "\n");
        var data = Data(folder.Root);
        Assert.That(data.GetProperty("metrics")[0].GetProperty("name").GetString(), Is.EqualTo("distinct-4 (500)"),
            "values of other numbers of samples are not compared");
        Assert.That(data.GetProperty("runs")[0].GetProperty("values")[0].ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(data.GetProperty("runs")[0].GetProperty("missing").GetProperty("0").GetString(), Is.EqualTo("no sample has 4 tokens"));
        Assert.That(data.GetProperty("runs")[0].GetProperty("outcome").GetString(), Is.EqualTo("unfinished"));
    }

    [Test]
    public void Texts_are_limited_and_that_is_said()
    {
        var run = ReportRuns.Small("many", 1).Write(files.PathOf("runs"));
        var samples = Directory.CreateDirectory(new RunFolder(run).Samples).FullName;
        for (var step = 0; step < 60; step++)
            File.WriteAllLines(Path.Combine(samples, $"adversarial-{step:00000000}.jsonl"), Enumerable.Range(0, 120).Select(i =>
                new SampleLine { Text = $"{i} " + new string('x', step == 0 && i == 0 ? 3000 : 2000), Tokens = 1, Ended = true }.ToJson()));
        File.WriteAllText(Path.Combine(samples, "notes.jsonl"), "not a sample");
        var written = RunReport.Write([run], files.PathOf("report.html"))!;
        Assert.That(written.Notes, Is.EqualTo(new[]
        {
            "Of each evaluation the first 20 texts are here; all are in the run's folder 'samples'.",
            "Of each run 20 evaluations are here, from the first to the last, so that the page stays small.",
            "Texts are cut after 2,000 characters.",
        }));
        var kept = ReportRuns.DataIn(written.File).GetProperty("samples").EnumerateArray().ToArray();
        Assert.That(kept.Select(one => one.GetProperty("step").GetInt32()),
            Is.Ordered.And.Contains(0).And.Contains(59).And.Exactly(20).Items);
        Assert.That(kept.Select(one => (one.GetProperty("total").GetInt32(), one.GetProperty("texts").GetArrayLength())),
            Is.All.EqualTo((120, 20)));
        Assert.That(kept[0].GetProperty("texts")[0].GetProperty("text").GetString(), Has.Length.EqualTo(2004).And.EndWith("x […]"));
        Assert.That(written.Bytes, Is.LessThan(2_000_000));
    }

    [Test]
    public void No_text_can_end_the_script_element()
    {
        var page = File.ReadAllText(RunReport.Write(ReportRuns.Write(files.PathOf("runs")), files.PathOf("report.html"),
            ReportRuns.Hostile)!.File);
        Assert.That(Regex.Count(page, "<script", RegexOptions.IgnoreCase), Is.EqualTo(2));
        Assert.That(Regex.Count(page, "</script", RegexOptions.IgnoreCase), Is.EqualTo(2));
        Assert.That(page, Does.Not.Contain("<!--").And.Not.Contain("<i>").And.Not.Contain("<img"));
        Assert.That(page, Does.Contain("The MIT License (MIT)").And.Contain("Copyright (c) 2022 Leon Sorokin"));
        Assert.That(Regex.Matches(page, @"https?://[^\s""')]+").Select(match => match.Value).Distinct(),
            Is.EquivalentTo(["https://github.com/leeoniya/uPlot", "http://www.w3.org/2000/svg"]), "a comment, and the name of a namespace");
    }

    [Test]
    public void What_several_runs_share_stands_once()
    {
        string[] runs = [.. ((int[])[1, 2]).Select(seed => ReportRuns.Small("same", seed).Write(files.PathOf("runs")))];
        foreach (var run in runs)
            File.WriteAllText(new RunFolder(run).Data, """{ "findings": [ { "isWarning": true, "text": "5% unknown" } ] }""");
        File.AppendAllText(new RunFolder(runs[1]).Metrics, new MetricLine
        {
            Phase = "adversarial", Step = 120, Seconds = 9, Values = new Dictionary<string, double>(),
            Event = new("notANumber", "stop", "NaN"),
        }.ToJson() + "\n");
        Assert.That(Data(runs).GetProperty("events").EnumerateArray().Select(one =>
            $"{one.GetProperty("runs").GetRawText()} {one.GetProperty("source")} {one.GetProperty("action")} {one.GetProperty("message")}"),
            Is.EqualTo(new[] { "[0,1] data warn 5% unknown", "[1] notANumber stop NaN" }));
    }

    [Test]
    public void Resumptions_are_events_of_the_step_that_they_began_at()
    {
        var run = ReportRuns.Small("resumed", 1).Write(files.PathOf("runs"));
        File.WriteAllText(new RunFolder(run).Environment, """
            { "threads": 1, "history": [ { "threads": 1 }, { "resumedAt": { "phase": "pretraining", "step": 10 } }, { "resumedAt": 7 },
              { "resumedAt": { "phase": "adversarial", "step": 60 } }, 3 ] }
            """);
        Assert.That(Data(run).GetProperty("events").EnumerateArray().Select(one =>
            $"{one.GetProperty("phase").GetRawText()} {one.GetProperty("step").GetRawText()} {one.GetProperty("source")} " +
            $"{one.GetProperty("action")}"), Is.EqualTo(new[] { "0 10 run resumed", "2 60 run resumed" }));
    }

    [Test]
    public void Damaged_files_beside_the_log_are_left_out()
    {
        var run = ReportRuns.Small("damaged", 1).Write(files.PathOf("runs"));
        var folder = new RunFolder(run);
        foreach (var file in (string[])[folder.Config, folder.Environment, folder.Outcome, folder.Data]) File.WriteAllText(file, "{");
        var data = Data(run);
        Assert.That(data.GetProperty("runs")[0].GetProperty("outcome").GetString(), Is.EqualTo("unfinished"));
        Assert.That(data.GetProperty("configurations").GetProperty("equal").GetArrayLength(), Is.Zero);
    }

    [Test]
    public void Runs_without_a_line_give_no_report()
    {
        var folder = RunFolder.Of(files.PathOf("runs"), "new", 1);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllText(folder.Metrics, "");
        Assert.That(RunReport.Write([folder.Root], files.PathOf("report.html")), Is.Null);
        Assert.That(File.Exists(files.PathOf("report.html")), Is.False);
    }

    /// <summary>50 runs of 10,000 steps with 30 values each, 100 evaluations with 100 texts each.</summary>
    [Test, Category("Long"), Category("Browser")]
    public async Task Fifty_runs_of_ten_thousand_steps_are_small_and_open_at_once()
    {
        using var browser = await Chromium.Start();
        var (runs, words) = (new List<string>(), new StringBuilder().Insert(0, "some words ", 8));
        for (var run = 0; run < 50; run++)
        {
            var random = new Random(run);
            var folder = RunFolder.Of(files.PathOf("runs"), $"experiment-{run / 3}", run % 3 + 1);
            Directory.CreateDirectory(folder.Samples);
            using var log = new StreamWriter(folder.Metrics);
            for (var step = 1; step <= 10_000; step++)
            {
                var start = $"{{\"phase\":\"adversarial\",\"step\":{step},\"seconds\":{step},\"values\":{{";
                log.WriteLine(start + string.Join(',', Enumerable.Range(0, 30)
                    .Select(i => $"\"term/judge-{i}/raw\":{Math.Sin(step / 900.0 + i) + random.NextDouble():R}")) + "}}");
                if (step % 100 != 0) continue;
                log.WriteLine($"{start}\"metric/nll\":{2 + random.NextDouble():R},\"metric/distinct-2\":{random.NextDouble():R}}}}}");
                File.WriteAllLines(Path.Combine(folder.Samples, $"adversarial-{step:00000000}.jsonl"), Enumerable.Range(0, 100)
                    .Select(i => new SampleLine { Text = $"{step} {i} {words}", Tokens = 18, Ended = true }.ToJson()));
            }
            runs.Add(folder.Root);
        }
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var written = RunReport.Write(runs, files.PathOf("report.html"))!;
        TestContext.Out.WriteLine($"written in {clock.Elapsed.TotalSeconds:0.0} s: {written.Bytes / 1e6:0.0} MB");
        foreach (var note in written.Notes) TestContext.Out.WriteLine(note);
        Assert.That(written.Bytes, Is.LessThan(10_000_000));
        Assert.That(written.Notes, Has.Count.EqualTo(3), "what is left out is said");
        foreach (var (section, isThere) in ((string, string)[])[("summary", "document.querySelectorAll('.summary tbody tr').length === 17"),
            ("curves", "curves.charts.length > 0")])
        {
            clock.Restart();
            await using var open = await browser.Open(written.File, section);
            await open.Until(isThere);
            TestContext.Out.WriteLine($"{section} opened in {clock.Elapsed.TotalSeconds:0.00} s");
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)), section);
        }
    }
}
