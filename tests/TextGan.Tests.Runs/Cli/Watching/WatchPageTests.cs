using Microsoft.Playwright;
using TextGan.Cli.Watching;
using TextGan.Tests.Reporting.Report;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Cli.Watching;

/// <summary>The page in a real browser while runs log.</summary>
[Category("Browser")]
public sealed class WatchPageTests : IDisposable
{
    Chromium browser = null!;

    [OneTimeSetUp]
    public async Task Start() => browser = await Chromium.Start();

    public void Dispose() => browser?.Dispose();

    /// <summary>Opens the page, which asks more often than usual, and bears a mark that a reload would take away.</summary>
    async Task<OpenPage> Open(WatchPlace place, string section, WatchToken? token = null)
    {
        var open = await browser.Open(place.Server.Address.Url(token), section);
        await open.Value<object?>("(() => { live.every = 50; window.mark = 'not reloaded'; })()");
        return open;
    }

    /// <summary>Waits for the page while time passes for the server.</summary>
    static async Task Until(WatchPlace place, OpenPage open, string expression)
    {
        for (var tries = 0; !await open.Value<bool>(expression); tries++)
        {
            Assert.That(tries, Is.LessThan(1500), expression);
            place.Time.Advance(WatchedRuns.Pace);
            await Task.Delay(20);
        }
        Assert.That(await open.Value<string?>("window.mark"), Is.EqualTo("not reloaded"));
    }

    /// <summary>Keeps a run at each of its adversarial evaluations until the test lets it go on.</summary>
    sealed class Gate : IRunSink, IDisposable
    {
        readonly SemaphoreSlim go = new(0);

        public void Receive(RunEvent happened)
        {
            if (happened is RunEvent.SamplesWritten { Phase: Phase.Adversarial }) go.Wait(TimeSpan.FromMinutes(2));
        }

        public void GoOn(int evaluations = 1) => go.Release(evaluations);

        public void Dispose() => go.Dispose();
    }

    const string LastStep = "(() => { const curves = runCurves.get(curveKey(data.curves.names.indexOf('metric/nll-text'), 2)); " +
        "return curves ? stepsOf(curves[0].steps).at(-1) : -1; })()";

    [Test]
    public async Task An_experiment_that_runs_is_followed_and_what_the_reader_has_set_stays()
    {
        using var small = new SmallRun();
        using var place = new WatchPlace(of: small.Folder);
        using var gate = new Gate();
        var training = Task.Run(() => small.Run(
            [small.Read("training.iterations=10", "pretraining.epochs=1")], gate, CancellationToken.None, draws: false));
        try
        {
            await using var open = await Open(place, "curves");
            await open.Page.SetViewportSizeAsync(1280, 500);
            await Until(place, open, $"{LastStep} === 0");
            gate.GoOn(2);
            await Until(place, open, $"{LastStep} === 4 && curves.charts.length > 0 && curves.charts[0].data[0].at(-1) === 4");
            Assert.That(await open.Value<string>("data.runs[0].outcome"), Is.EqualTo("running"));

            await open.Page.GetByLabel("logarithmic").CheckAsync();
            var chart = open.Page.Locator("#panel-curves .chart").First;
            await chart.FocusAsync();
            await open.Page.Keyboard.PressAsync("+");
            Assert.That(await open.Value<double[]>("curves.zoom"), Is.EqualTo(new[] { 1.0, 3 }), "the middle half of 0 to 4");
            await open.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search names" }).FillAsync("accuracyReal");
            await open.Page.Locator("#panel-curves .names label").First.ClickAsync();
            await open.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search names" }).FocusAsync();
            await open.Page.Keyboard.PressAsync("ArrowLeft");
            await open.Value<object?>("scrollTo(0, 150)");
            var chosen = await open.Value<string[]>("curves.chosen.map(name => data.curves.names[name])");
            var scrolled = await open.Value<double>("scrollY");
            gate.GoOn();
            await Until(place, open, $"{LastStep} === 6");
            Assert.That(await open.Page.GetByLabel("logarithmic").IsCheckedAsync());
            Assert.That(await open.Value<int[]>("curves.charts.map(chart => chart.scales.y.distr)"), Is.All.EqualTo(3));
            Assert.That(await open.Value<double[]>("[curves.charts[0].scales.x.min, curves.charts[0].scales.x.max]"),
                Is.EqualTo(new[] { 1.0, 3 }));
            Assert.That(await open.Value<double>("curves.charts[0].data[0].at(-1)"), Is.EqualTo(6), "the new point is drawn");
            Assert.That(await open.Value<string[]>("curves.chosen.map(name => data.curves.names[name])"), Is.EqualTo(chosen));
            Assert.That(await open.Value<int>("document.querySelectorAll('#panel-curves canvas').length - curves.charts.length"), Is.Zero);
            Assert.That(await open.Value<string>("document.activeElement.value + document.activeElement.selectionStart"),
                Is.EqualTo($"accuracyReal{"accuracyReal".Length - 1}"), "the search has its words, the focus and the cursor");
            Assert.That(await open.Page.Locator("#panel-curves .names label").AllInnerTextsAsync(), Is.All.Contains("ccuracyReal"));
            Assert.That(await open.Value<double>("scrollY"), Is.EqualTo(scrolled).And.GreaterThan(0));

            await open.Page.Locator("#tab-samples").ClickAsync();
            var evaluations = open.Page.GetByLabel("Evaluation", new() { Exact = true });
            await evaluations.First.SelectOptionAsync("adversarial, 2");
            await open.Page.GetByLabel("Search texts").FillAsync("the");
            gate.GoOn();
            await Until(place, open, "data.samples.some(one => one.phase === 2 && one.step === 8)");
            Assert.That(await open.Value<string[]>("[...document.querySelectorAll('.side')].map(side => " +
                "side.querySelectorAll('select')[1].selectedOptions[0].text)"),
                Is.EqualTo(new[] { "adversarial, 2", "adversarial, 8" }), "what was chosen stays, the other side shows the newest");
            Assert.That(await open.Page.GetByLabel("Search texts").InputValueAsync(), Is.EqualTo("the"));

            gate.GoOn(2);
            await training;
            await open.Page.Locator("#tab-summary").ClickAsync();
            await Until(place, open, "data.runs[0].outcome === 'finished'");
            Assert.That(await open.Page.Locator(".summary tbody td").Nth(1).InnerTextAsync(), Is.EqualTo("finished"));
            Assert.That(open.Errors, Is.Empty);
            Assert.That(open.Requests, Has.All.StartsWith($"http://127.0.0.1:{place.Port}/"));
        }
        finally
        {
            gate.GoOn(20);
            await training;
        }
    }

    /// <summary>Experiments and metrics get other indexes when one comes before them.</summary>
    [Test]
    public async Task What_is_chosen_is_found_again_by_its_name()
    {
        using var place = new WatchPlace();
        ReportRuns.Small("middle", 1).Write(place.Runs);
        ReportRuns.Small("last", 1).Write(place.Runs);
        await using var open = await Open(place, "curves");
        await open.Page.Locator("#panel-curves button.entry").Filter(new() { HasText = "middle" }).ClickAsync();
        await open.Page.Locator("#tab-summary").ClickAsync();
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "harmless" }).ClickAsync();
        await open.Page.Locator("#tab-tradeoff").ClickAsync();
        await open.Page.GetByLabel("Vertical").SelectOptionAsync(new SelectOptionValue { Label = "novel" });
        await open.Page.Locator("#tab-configuration").ClickAsync();
        var other = ReportRuns.Small("first", 1);
        Directory.CreateDirectory(RunFolder.Of(place.Runs, "first", 1).Root);
        File.WriteAllLines(RunFolder.Of(place.Runs, "first", 1).Metrics, other.Lines().Select(line => (line with
        {
            // a metric that stands before the others
            Values = line.Values.SelectMany(one => one.Key == "metric/grammatical" ? [new("metric/aaa", 0.5), one]
                : (KeyValuePair<string, double>[])[one]).ToDictionary(),
        }).ToJson()));
        await Until(place, open, "data.experiments.length === 3");
        Assert.That(await open.Value<string[]>("data.experiments.map(one => one.name)"), Is.EqualTo(new[] { "first", "last", "middle" }));
        Assert.That(await open.Value<string[]>("[...hidden].map(e => data.experiments[e].name)"), Is.EqualTo(new[] { "middle" }));
        Assert.That(await open.Value<string>("data.metrics[summary.sort].name + ', ' + data.metrics[tradeoff.y].name"),
            Is.EqualTo("harmless, novel"));
        await open.Page.Locator("#tab-tradeoff").ClickAsync();
        Assert.That(await open.Value<string>("document.querySelector('#panel-tradeoff select').selectedOptions[0].text"),
            Is.EqualTo("novel"));
        Assert.That(await open.Page.Locator("#panel-tradeoff button.entry[aria-pressed=false]").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "middle" }));
        await open.Page.Locator("#tab-curves").ClickAsync();
        await open.Until("curves.charts.length > 0 && curves.charts.length === curves.chosen.length");
        Assert.That(await open.Page.TitleAsync(), Is.EqualTo("first, last, middle"));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task A_page_without_runs_shows_the_first_one_that_logs()
    {
        using var place = new WatchPlace();
        await using var open = await Open(place, "curves");
        foreach (var section in (string[])["tradeoff", "samples", "configuration", "events", "environment", "summary", "curves"])
            await open.Page.Locator($"#tab-{section}").ClickAsync();
        await open.Until("document.getElementById('live').textContent.startsWith('No run has logged anything yet.')");
        ReportRuns.Small("first", 1).Write(place.Runs);
        await Until(place, open, "data.runs.length === 1 && curves.charts.length > 0");
        Assert.That(await open.Page.Locator("#title").InnerTextAsync(), Is.EqualTo("first"));
        Assert.That(await open.Page.Locator("#live").InnerTextAsync(), Is.EqualTo("Live: what runs log is shown here."));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task What_is_wrong_is_said_and_the_page_stays()
    {
        using var place = new WatchPlace();
        var run = ReportRuns.Small("first", 1).Write(place.Runs);
        await using var open = await Open(place, "summary");
        File.AppendAllText(new RunFolder(run).Metrics, ReportRuns.Hostile + "\n");
        await Until(place, open, "document.getElementById('live').textContent.includes('is not a metric line')");
        Assert.That(await open.Page.Locator("#panel-summary tbody tr").CountAsync(), Is.EqualTo(1));
        Assert.That(open.Errors, Is.Empty);
        place.Server.Dispose();
        await open.Until("document.getElementById('live').textContent.startsWith('No connection: ')");
        Assert.That(await open.Page.Locator("#panel-summary tbody tr").CountAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task The_token_leaves_the_address_and_the_page_goes_on_with_its_cookie()
    {
        var token = WatchToken.Of("auto");
        using var place = new WatchPlace(token);
        ReportRuns.Small("first", 1).Write(place.Runs);
        await using var open = await Open(place, "summary", token);
        Assert.That(open.Page.Url, Is.EqualTo($"http://127.0.0.1:{place.Port}/#summary"));
        ReportRuns.Small("second", 1).Write(place.Runs);
        await Until(place, open, "data.experiments.length === 2");
        Assert.That(await open.Value<string>("document.cookie"), Is.Empty, "no script can read it");
        Assert.That(open.Errors, Is.Empty);
    }
}
