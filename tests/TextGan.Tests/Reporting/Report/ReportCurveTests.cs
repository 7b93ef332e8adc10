using Microsoft.Playwright;
using TextGan.Reporting.Report;

namespace TextGan.Tests.Reporting.Report;

/// <summary>The curves of a report: what is drawn, hidden, zoomed, marked and smoothed.</summary>
public sealed class ReportCurveTests : ReportBrowserTests
{
    static int Alpha(string color) => color.Length == 9 ? Convert.ToInt32(color[7..], 16) : 255;

    [Test]
    public async Task Curves_are_drawn_and_an_experiment_is_hidden_and_shown()
    {
        await using var open = await WithCurves();
        Assert.That(await open.Page.Locator("#panel-curves canvas").CountAsync(), Is.GreaterThanOrEqualTo(4));
        Assert.That(await Pixels(open, 0), Is.GreaterThan(100));
        Assert.That(await Pixels(open, 1), Is.GreaterThan(5), "dashes");
        var calm = open.Page.Locator("#panel-curves button.entry").First;
        await calm.ClickAsync();
        Assert.That(await calm.GetAttributeAsync("aria-pressed"), Is.EqualTo("false"));
        Assert.That((await Pixels(open, 0), await Pixels(open, 1) > 5), Is.EqualTo((0, true)));
        await calm.ClickAsync();
        Assert.That(await Pixels(open, 0), Is.GreaterThan(100));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task Zoom_is_that_of_all_charts_and_is_reset_by_a_double_click()
    {
        await using var open = await WithCurves();
        Task<double[]> Ends() => open.Value<double[]>("curves.charts.flatMap(chart => [chart.scales.x.min, chart.scales.x.max])");
        Assert.That((await Ends()).Chunk(2), Is.All.EqualTo(new[] { 0.0, 120 }));
        var over = open.Page.Locator("#panel-curves .u-over").First;
        var box = (await over.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + box.Width / 4, box.Y + 50);
        await open.Page.Mouse.DownAsync();
        await open.Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + 60, new() { Steps = 4 });
        await open.Page.Mouse.UpAsync();
        Assert.That((await Ends()).Chunk(2), Is.All.EqualTo(new[] { 30.0, 60 }).Within(1.0), "a quarter to a half");
        await over.DblClickAsync();
        Assert.That((await Ends()).Chunk(2), Is.All.EqualTo(new[] { 0.0, 120 }));
        await open.Page.Locator("#panel-curves .chart").First.FocusAsync();
        await open.Page.Keyboard.PressAsync("+");
        Assert.That((await Ends()).Chunk(2), Is.All.EqualTo(new[] { 30.0, 90 }), "by keyboard: a half, around the middle");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        Assert.That((await Ends()).Chunk(2), Is.All.EqualTo(new[] { 45.0, 105 }));
        await open.Page.Keyboard.PressAsync("0");
        Assert.That((await Ends()).Chunk(2), Is.All.EqualTo(new[] { 0.0, 120 }));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task Events_are_marks_on_the_curves_with_their_text_at_the_cursor()
    {
        await using var open = await WithCurves();
        Assert.That(await PixelsOf(open, "cssValue('--warn')"), Is.GreaterThan(15), "the warning at step 12 of the second experiment");
        var box = (await open.Page.Locator("#panel-curves .u-over").First.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + box.Width * 12 / 120 + 2, box.Y + box.Height / 2);
        var tip = open.Page.Locator("#panel-curves .tip:not([hidden])").First;
        Assert.That(await tip.Locator(".mark").InnerTextAsync(),
            Is.EqualTo($"modeCollapse: warn at 12, <i>loud<!--: {ReportRuns.Hostile}"), "markup is text here, too");
        await open.Page.Mouse.MoveAsync(box.X + box.Width * 40 / 120, box.Y + box.Height / 2);
        Assert.That(await tip.Locator(".mark").CountAsync(), Is.Zero, "at step 40 nothing happened");
        await open.Page.Locator("#panel-curves button.entry").Nth(1).ClickAsync();
        Assert.That(await PixelsOf(open, "cssValue('--warn')"), Is.Zero, "events of hidden experiments are hidden");
        await open.Page.Locator("#panel-curves button.entry").Nth(1).ClickAsync();
        await open.Page.GetByRole(AriaRole.Checkbox, new() { Name = "events", Exact = true }).UncheckAsync();
        Assert.That(await PixelsOf(open, "cssValue('--warn')"), Is.Zero);
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task Stops_and_resumptions_have_other_colours_than_warnings()
    {
        var run = ReportRuns.Small("stopped", 1).Write(Files.PathOf("marks"));
        File.AppendAllText(new RunFolder(run).Metrics, new MetricLine
        {
            Phase = "adversarial", Step = 120, Seconds = 9, Values = new Dictionary<string, double>(),
            Event = new("notANumber", "stop", "NaN"),
        }.ToJson() + "\n");
        File.WriteAllText(new RunFolder(run).Environment,
            """{ "history": [ { "threads": 1 }, { "resumedAt": { "phase": "adversarial", "step": 60 } } ] }""");
        await using var open = await WithCurves(RunReport.Write([run], Files.PathOf("marks.html"))!.File);
        Assert.That(await PixelsOf(open, "cssValue('--strong')"), Is.GreaterThan(15));
        Assert.That(await PixelsOf(open, "cssValue('--bad')"), Is.GreaterThan(5), "half of the triangle lies beside the last step");
        var box = (await open.Page.Locator("#panel-curves .u-over").First.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + 20);
        Assert.That(await open.Page.Locator("#panel-curves .tip:not([hidden]) .mark").First.InnerTextAsync(),
            Is.EqualTo("run: resumed at 60, stopped: A later command resumed the run from its checkpoint."));
    }

    /// <summary>
    /// With w = ½ the values 1, 2, 4 become ½/½ = 1, (¼ + 1)/¾ = 5/3 and (⅝ + 2)/⅞ = 3.
    /// </summary>
    [Test]
    public async Task Smoothing_draws_moving_averages_before_the_faint_curves()
    {
        await using var open = await WithCurves();
        Assert.That(await open.Value<double[]>("smoothed([1, 2, null, 4], 0.5).map(value => value ?? -1)"),
            Is.EqualTo(new[] { 1, 5 / 3.0, -1, 3 }).Within(1e-12), "a gap stays a gap");
        var before = await open.Value<int>("curves.charts[0].series.length");
        var (plain, faint) = (await Pixels(open, 0), before - 1);
        await open.Page.GetByLabel("smoothing", new() { Exact = true }).FillAsync("0.8");
        await open.Until($"curves.charts.length > 0 && curves.charts[0].series.length === {2 * faint + 1}");
        Assert.That(await open.Value<string>("document.querySelector('.slider output').textContent"), Is.EqualTo("0.8"));
        // The smooth curves follow the raw ones, and their values are averages of these.
        Assert.That(await open.Value<bool>($$"""
            (() => {
                const chart = curves.charts[0], near = (a, b) => Math.abs(a - b) < 1e-9;
                return chart.data.slice(1, {{1 + faint}}).every((raw, i) => smoothed([...raw].map(value => value ?? null), 0.8)
                    .every((value, k) => value === null || near(value, chart.data[{{1 + faint}} + i][k])));
            })()
            """), Is.True);
        var colors = await open.Value<string[]>("curves.charts[0].series.slice(1).map(one => one.stroke(curves.charts[0]))"); // #rrggbb[aa]
        Assert.That(colors.Take(faint), Has.All.Length.EqualTo(9), "raw curves are translucent");
        Assert.That(colors.Zip(colors.Skip(faint)), Has.All.Matches<(string Raw, string Smooth)>(pair =>
            pair.Raw[..7] == pair.Smooth[..7] && Alpha(pair.Raw) < Alpha(pair.Smooth)), "and fainter than their averages");
        Assert.That(await Pixels(open, 0), Is.Not.EqualTo(plain).And.GreaterThan(50));
        await open.Page.GetByLabel("smoothing", new() { Exact = true }).FillAsync("0");
        await open.Until($"curves.charts.length > 0 && curves.charts[0].series.length === {before}");
        Assert.That(await Pixels(open, 0), Is.EqualTo(plain));
        Assert.That(open.Errors, Is.Empty);
    }
}
