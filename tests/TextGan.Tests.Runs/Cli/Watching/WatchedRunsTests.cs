using System.Net;
using System.Text;
using System.Text.Json;
using TextGan.Cli;
using TextGan.Cli.Watching;
using TextGan.Runs;
using TextGan.Tests.Reporting.Report;

namespace TextGan.Tests.Cli.Watching;

/// <summary>What is served of runs that begin, log, vanish and are restarted.</summary>
public sealed class WatchedRunsTests
{
    static string Line(long step, double value) => new MetricLine
    {
        Phase = "adversarial", Step = step, Seconds = step, Values = new Dictionary<string, double> { ["total"] = value },
    }.ToJson();

    static RunFolder Begin(WatchPlace place, string experiment, int seed, params long[] steps)
    {
        var run = RunFolder.Of(place.Runs, experiment, seed);
        Directory.CreateDirectory(run.Root);
        File.WriteAllText(run.Config, "{}");
        File.WriteAllText(run.Metrics, string.Concat(steps.Select(step => Line(step, step) + "\n")));
        return run;
    }

    static async Task<string[]> Runs(WatchPlace place)
    {
        var data = await place.Json("/data");
        return [.. data.GetProperty("runs").EnumerateArray().Select(run =>
            $"{data.GetProperty("experiments")[run.GetProperty("experiment").GetInt32()].GetProperty("name")}/{run.GetProperty("seed")}: " +
            $"{run.GetProperty("outcome")}, {run.GetProperty("iterations")}")];
    }

    [Test]
    public async Task The_page_is_that_of_a_report_with_a_script_that_follows()
    {
        using var place = new WatchPlace();
        ReportRuns.Write(place.Runs);
        var answer = await place.Ask("/");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.That((answer.StatusCode, $"{answer.Content.Headers.ContentType}"),
            Is.EqualTo((HttpStatusCode.OK, "text/html; charset=utf-8")));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.StartWith("default-src 'none'; script-src 'sha256-")
            .And.EndWith("; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
        Assert.That(page, Does.Contain(policy.Replace("; frame-ancestors 'none'", "")), "the page bears the same one");
        Assert.That(page, Does.Contain("location.reload").And.Not.Contain("{{"));
        Assert.That(page.Split("<script").Length, Is.EqualTo(3), "no text ends a script element");
        foreach (var (name, value) in ((string, string)[])[("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin")])
            Assert.That(answer.Headers.GetValues(name), Is.EqualTo(new[] { value }));
        Assert.That(answer.Headers.Contains("Server"), Is.False);
        var data = await place.Json("/data");
        Assert.That(page, Does.Contain(data.GetRawText()), "and has the same data");
        Assert.That(data.GetProperty("state").GetString(), Is.EqualTo((await place.Json("/state")).GetProperty("state").GetString()));
        var file = TextGan.Reporting.Report.RunReport.Write([Path.Combine(place.Runs, "calm", "1")], place.At("report.html"))!.File;
        Assert.That(File.ReadAllText(file), Does.Not.Contain("fetch(").And.Not.Contain("connect-src"), "a file asks for nothing");
    }

    [Test]
    public async Task Head_has_the_length_alone()
    {
        using var place = new WatchPlace();
        Begin(place, "first", 1, 1, 2);
        var length = (await (await place.Ask("/data")).Content.ReadAsByteArrayAsync()).Length;
        var head = await place.Ask("/data", HttpMethod.Head);
        Assert.That((head.StatusCode, head.Content.Headers.ContentLength, (await head.Content.ReadAsByteArrayAsync()).Length),
            Is.EqualTo((HttpStatusCode.OK, (long?)length, 0)));
    }

    [Test]
    public async Task A_folder_without_runs_is_an_empty_page_and_runs_that_begin_are_shown()
    {
        using var place = new WatchPlace();
        var (empty, problems) = await place.Next();
        Assert.That((await Runs(place), problems), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
        Assert.That(await (await place.Ask("/")).Content.ReadAsStringAsync(), Does.Contain("<title>No runs yet</title>"));
        var run = Begin(place, "second", 7);
        await place.Next();
        Assert.That(await Runs(place), Is.Empty, "it has not logged anything");
        File.AppendAllText(run.Metrics, Line(1, 0.5) + "\n");
        var (state, _) = await place.Next();
        Assert.That(state, Is.Not.EqualTo(empty));
        Assert.That(await Runs(place), Is.EqualTo(new[] { "second/7: unfinished, 1" }));
        Begin(place, "first", 1, 1, 2, 3);
        await place.Next();
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 3", "second/7: unfinished, 1" }));
    }

    [Test]
    public async Task What_a_run_does_is_shown()
    {
        using var place = new WatchPlace();
        var run = Begin(place, "first", 1, 1);
        using (RunLock.Take(run))
        {
            Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: running, 1" }));
        }
        File.WriteAllText(run.Outcome, """{ "outcome": "finished" }""");
        await place.Next();
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: finished, 1" }));
        using (RunLock.Take(run))
        {
            await place.Next();
            Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: queued, 1" }));
        }
    }

    [Test]
    public async Task A_half_written_line_is_left_out_until_it_is_whole()
    {
        using var place = new WatchPlace();
        var run = Begin(place, "first", 1, 1);
        var line = Line(2, 5);
        File.AppendAllText(run.Metrics, line[..20]);
        Assert.That((await Runs(place), (await place.Next()).Problems),
            Is.EqualTo((new[] { "first/1: unfinished, 1" }, Array.Empty<string>())));
        File.AppendAllText(run.Metrics, line[20..] + "\n");
        Assert.That((await place.Next()).Problems, Is.Empty);
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 2" }));
    }

    /// <summary>The rest of a line that comes while the log is read is no line of its own.</summary>
    [Test]
    public void A_log_ends_where_it_ended_when_it_was_read()
    {
        using var place = new WatchPlace();
        var run = Begin(place, "first", 1, 1);
        File.AppendAllText(run.Metrics, Line(2, 5)[..20]);
        using var lines = MetricLine.LinesIn(run.Metrics).GetEnumerator();
        Assert.That((lines.MoveNext(), lines.Current), Is.EqualTo((true, (Line(1, 1), true))));
        File.AppendAllText(run.Metrics, Line(2, 5)[20..] + "\n" + Line(3, 5) + "\n");
        Assert.That((lines.MoveNext(), lines.Current), Is.EqualTo((true, (Line(2, 5)[..20], false))));
        Assert.That(lines.MoveNext(), Is.False);
    }

    [Test]
    public async Task What_is_damaged_is_named_and_the_others_are_shown()
    {
        using var place = new WatchPlace();
        var (good, bad) = (Begin(place, "first", 1, 1), Begin(place, "second", 1, 1));
        Assert.That(await Runs(place), Has.Length.EqualTo(2));
        File.AppendAllText(bad.Metrics, "no JSON\n");
        var (_, problems) = await place.Next();
        Assert.That(problems.Single(), Does.StartWith($"{bad.Metrics}:2: The line is not a metric line: "));
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 1" }));
        File.WriteAllText(bad.Metrics, Line(4, 1) + "\n");
        Assert.That((await place.Next()).Problems, Is.Empty);
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 1", "second/1: unfinished, 4" }));
        Directory.CreateDirectory(good.Samples);
        var samples = Path.Combine(good.Samples, "adversarial-00000001.jsonl");
        File.WriteAllText(samples, "no JSON\n");
        File.AppendAllText(good.Metrics, Line(2, 2) + "\n");
        Assert.That((await place.Next()).Problems.Single(), Does.StartWith($"{samples}:1: The line is not a sample: "));
        Assert.That(await Runs(place), Is.EqualTo(new[] { "second/1: unfinished, 4" }));
    }

    [Test]
    public async Task A_folder_that_vanishes_leaves_the_last_page_and_is_named()
    {
        using var place = new WatchPlace();
        Begin(place, "first", 1, 1, 2);
        var (before, _) = await place.Next();
        Directory.Move(place.Runs, place.At("elsewhere"));
        var (after, problems) = await place.Next();
        Assert.That((after, problems), Is.EqualTo((before, new[] { "runs: does not exist; name a folder of runs." })));
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 2" }));
        Directory.Move(place.At("elsewhere"), place.Runs);
        Assert.That((await place.Next()).Problems, Is.Empty);
    }

    [Test]
    public async Task A_run_that_begins_again_is_shown_as_it_was_until_it_logs()
    {
        using var place = new WatchPlace();
        var run = Begin(place, "first", 1, 1, 2);
        await place.Next();
        Directory.Delete(run.Root, recursive: true);
        Assert.That((await place.Next()).Problems,
            Is.EqualTo(new[] { "The runs were deleted or restarted. The page shows what they had logged." }));
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 2" }));
        Begin(place, "first", 1, 1);
        Assert.That((await place.Next()).Problems, Is.Empty);
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 1" }));
    }

    /// <summary>A look takes ten seconds here; so there is a pause of thirty, and all who ask meanwhile share its report.</summary>
    [Test]
    public async Task Folders_are_read_no_more_often_than_is_worth_it()
    {
        using var place = new WatchPlace();
        var run = Begin(place, "first", 1, 1);
        var (time, looks) = (new ManualTime(), 0);
        using var gate = new ManualResetEventSlim(true);
        var runs = new WatchedRuns(() =>
        {
            looks++;
            gate.Wait();
            time.Advance(TimeSpan.FromSeconds(10));
            return [run.Root];
        }, time);
        Assert.That(looks, Is.Zero, "nothing is read before somebody asks");
        gate.Reset();
        var many = Enumerable.Range(0, 20).Select(_ => runs.Now()).ToArray();
        gate.Set();
        var states = await Task.WhenAll(many);
        Assert.That((looks, states.Distinct().Count()), Is.EqualTo((1, 1)));
        File.AppendAllText(run.Metrics, Line(2, 2) + "\n");
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.That((await runs.Now(), looks), Is.EqualTo((states[0], 1)));
        time.Advance(TimeSpan.FromSeconds(1));
        gate.Reset();
        Assert.That(await runs.Now(), Is.EqualTo(states[0]), "who asks while a report is made gets the last one");
        gate.Set();
        for (var tries = 0; await runs.Now() == states[0]; tries++)
        {
            Assert.That(tries, Is.LessThan(400));
            await Task.Delay(25);
        }
        Assert.That(looks, Is.EqualTo(2));
        time.Advance(TimeSpan.FromSeconds(30));
        var same = await runs.Now();
        await Task.Delay(200);
        Assert.That((await runs.Now(), looks), Is.EqualTo((same, 3)), "where nothing has changed no report is made");
    }

    [Test]
    public async Task A_link_leads_to_what_reading_runs_reads_and_to_nothing_else()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Links need rights there.");
        using var place = new WatchPlace();
        Begin(place, "first", 1, 1);
        Directory.CreateDirectory(place.At("outside"));
        File.WriteAllText(place.At("outside", "secret.txt"), "a-secret");
        var other = RunFolder.Of(place.At("elsewhere"), "third", 5);
        Directory.CreateDirectory(other.Root);
        File.WriteAllText(other.Metrics, Line(1, 1) + "\n");
        Directory.CreateSymbolicLink(Path.Combine(place.Runs, "third"), Path.GetDirectoryName(other.Root)!);
        Directory.CreateSymbolicLink(Path.Combine(place.Runs, "linked"), place.At("outside"));
        Directory.CreateSymbolicLink(Path.Combine(place.Runs, "first", "2"), place.At("outside"));
        foreach (var path in (string[])["/", "/data", "/state"])
            Assert.That(await (await place.Ask(path)).Content.ReadAsStringAsync(), Does.Not.Contain("a-secret"), path);
        foreach (var path in (string[])["/linked/secret.txt", "/first/2/secret.txt"])
            Assert.That((await place.Ask(path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Runs(place), Is.EqualTo(new[] { "first/1: unfinished, 1", "third/5: unfinished, 1" }));
    }
}
