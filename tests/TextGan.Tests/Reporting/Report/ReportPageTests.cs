using Microsoft.Playwright;
using TextGan.Reporting.Report;

namespace TextGan.Tests.Reporting.Report;

/// <summary>What the page of a report does in a real browser.</summary>
[Category("Browser")]
public sealed class ReportPageTests : IDisposable
{
    readonly TemporaryFiles files = new();
    Chromium browser = null!;
    string file = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        browser = await Chromium.Start();
        file = RunReport.Write(ReportRuns.Write(files.PathOf("runs")), files.PathOf("report.html"))!.File;
    }

    public void Dispose()
    {
        browser?.Dispose();
        files.Dispose();
    }

    /// <summary>Pixels of a colour in the first chart, antialiased ones not counted.</summary>
    static Task<int> Pixels(OpenPage open, int experiment) => open.Value<int>($$"""
        (() => {
            const canvas = document.querySelector("#panel-curves canvas"), color = colorOf({{experiment}});
            const [r, g, b] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let i = 0; i < pixels.length; i += 4)
                if (pixels[i + 3] > 200
                    && Math.abs(pixels[i] - r) + Math.abs(pixels[i + 1] - g) + Math.abs(pixels[i + 2] - b) < 12) count++;
            return count;
        })()
        """);

    static async Task<OpenPage> WithCurves(Chromium browser, string file, ColorScheme scheme = ColorScheme.Light)
    {
        var open = await browser.Open(file, "curves", scheme);
        await open.Until("curves.charts.length > 0 && curves.charts.length === curves.chosen.length");
        return open;
    }

    [Test]
    public async Task Curves_are_drawn_and_an_experiment_is_hidden_and_shown()
    {
        await using var open = await WithCurves(browser, file);
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
        await using var open = await WithCurves(browser, file);
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

    /// <summary>Pixels of a colour of the page's style in the first chart.</summary>
    static Task<int> StylePixels(OpenPage open, string name) => open.Value<int>($$"""
        (() => {
            const canvas = document.querySelector("#panel-curves canvas"), color = cssValue("{{name}}");
            const [r, g, b] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let i = 0; i < pixels.length; i += 4)
                if (pixels[i + 3] > 200
                    && Math.abs(pixels[i] - r) + Math.abs(pixels[i + 1] - g) + Math.abs(pixels[i + 2] - b) < 12) count++;
            return count;
        })()
        """);

    [Test]
    public async Task Events_are_marks_on_the_curves_with_their_text_at_the_cursor()
    {
        await using var open = await WithCurves(browser, file);
        Assert.That(await StylePixels(open, "--warn"), Is.GreaterThan(15), "the warning at step 12 of the second experiment");
        var box = (await open.Page.Locator("#panel-curves .u-over").First.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + box.Width * 12 / 120 + 2, box.Y + box.Height / 2);
        var tip = open.Page.Locator("#panel-curves .tip:not([hidden])").First;
        Assert.That(await tip.Locator(".mark").InnerTextAsync(),
            Is.EqualTo($"modeCollapse: warn at 12, <i>loud<!--: {ReportRuns.Hostile}"), "markup is text here, too");
        await open.Page.Mouse.MoveAsync(box.X + box.Width * 40 / 120, box.Y + box.Height / 2);
        Assert.That(await tip.Locator(".mark").CountAsync(), Is.Zero, "at step 40 nothing happened");
        await open.Page.Locator("#panel-curves button.entry").Nth(1).ClickAsync();
        Assert.That(await StylePixels(open, "--warn"), Is.Zero, "events of hidden experiments are hidden");
        await open.Page.Locator("#panel-curves button.entry").Nth(1).ClickAsync();
        await open.Page.GetByRole(AriaRole.Checkbox, new() { Name = "events", Exact = true }).UncheckAsync();
        Assert.That(await StylePixels(open, "--warn"), Is.Zero);
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task Stops_and_resumptions_have_other_colours_than_warnings()
    {
        var run = ReportRuns.Small("stopped", 1).Write(files.PathOf("marks"));
        File.AppendAllText(new RunFolder(run).Metrics, new MetricLine
        {
            Phase = "adversarial", Step = 120, Seconds = 9, Values = new Dictionary<string, double>(),
            Event = new("notANumber", "stop", "NaN"),
        }.ToJson() + "\n");
        File.WriteAllText(new RunFolder(run).Environment,
            """{ "history": [ { "threads": 1 }, { "resumedAt": { "phase": "adversarial", "step": 60 } } ] }""");
        await using var open = await WithCurves(browser, RunReport.Write([run], files.PathOf("marks.html"))!.File);
        Assert.That(await StylePixels(open, "--strong"), Is.GreaterThan(15));
        Assert.That(await StylePixels(open, "--bad"), Is.GreaterThan(5), "half of the triangle lies beside the last step");
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
        await using var open = await WithCurves(browser, file);
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
        Assert.That(await open.Value<string[]>("curves.charts[0].series.slice(1).map(one => one.stroke(curves.charts[0]))"),
            Has.Exactly(faint).Length.EqualTo(9).Or.Some.Length.EqualTo(7), "raw curves are translucent");
        Assert.That(await Pixels(open, 0), Is.Not.EqualTo(plain).And.GreaterThan(50));
        await open.Page.GetByLabel("smoothing", new() { Exact = true }).FillAsync("0");
        await open.Until($"curves.charts.length > 0 && curves.charts[0].series.length === {before}");
        Assert.That(await Pixels(open, 0), Is.EqualTo(plain));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task What_changed_is_said_below_the_summary()
    {
        await using var open = await browser.Open(file);
        var sentences = await open.Page.Locator("#panel-summary .changes li").AllInnerTextsAsync();
        Assert.That(sentences, Has.Count.EqualTo(2));
        Assert.That(sentences[0], Does.StartWith("calm (2 seeds): grammatical ."));
        Assert.That(sentences[1], Is.EqualTo("<i>loud<!-- (unfinished): no metric was measured at both ends"),
            "markup is text; its log was rolled back to step 12");
    }

    [Test]
    public async Task The_cursor_tells_values_with_seeds()
    {
        await using var open = await WithCurves(browser, file);
        var box = (await open.Page.Locator("#panel-curves .u-over").First.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + box.Width / 2 + 2, box.Y + box.Height / 2);
        var tip = await open.Page.Locator("#panel-curves .tip:not([hidden])").InnerTextAsync();
        Assert.That(tip, Does.StartWith("step 6").And.Contain("calm, mean").And.Contain("calm, seed 2").And.Contain("at 60"));
    }

    [Test]
    public async Task Names_are_searched_phases_chosen_and_scales_made_logarithmic()
    {
        await using var open = await WithCurves(browser, file);
        var names = open.Page.Locator("#panel-curves .names label");
        var all = await names.CountAsync();
        await open.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search names" }).FillAsync("accuracyReal help");
        Assert.That(await names.AllInnerTextsAsync(), Is.EquivalentTo(
            ["discriminator/helpfulness/accuracyReal", "discriminator/helpfulness/heldOutAccuracyReal"]));
        Assert.That(all, Is.GreaterThan(20));
        var charts = await open.Page.Locator("#panel-curves .chart").CountAsync();
        await names.First.ClickAsync();
        Assert.That(await open.Page.Locator("#panel-curves .chart").CountAsync(), Is.EqualTo(charts + 1));
        await open.Page.GetByLabel("logarithmic").CheckAsync();
        Assert.That(await open.Value<int[]>("curves.charts.map(chart => chart.scales.y.distr)"), Is.All.EqualTo(3));
        await open.Page.GetByLabel("Phase").SelectOptionAsync("pretraining");
        Assert.That(await open.Value<string[]>("curves.chosen.map(name => data.curves.names[name])"), Does.Contain("generator/loss"));
        Assert.That(await open.Value<double[]>("curves.charts[0].series.length > 1 ? fullRange() : []"), Is.EqualTo(new[] { 1.0, 20 }));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task The_best_of_a_column_is_marked_and_columns_sort()
    {
        await using var open = await browser.Open(file);
        // harmless rises with FakeRun.Success: .8 of "calm", .2 of the other; nll, where lower is better, rises with it, too
        Task<string> Best(string metric) => open.Value<string>($$"""
            (() => {
                const table = document.querySelector(".summary");
                const column = [...table.rows[0].cells].findIndex(cell => cell.innerText.startsWith("{{metric}}"));
                return [...table.rows].filter(row => row.cells[column].classList.contains("best"))
                    .map(row => row.cells[0].innerText).join();
            })()
            """);
        Assert.That((await Best("harmless"), await Best("nll"), await Best("novel")), Is.EqualTo(("calm", "<i>loud<!--", "")));
        var button = open.Page.GetByRole(AriaRole.Button, new() { Name = "harmless" });
        var first = open.Page.Locator(".summary tbody th").First;
        await button.ClickAsync();
        Assert.That(await first.InnerTextAsync(), Is.EqualTo("calm"));
        await button.ClickAsync();
        Assert.That(await first.InnerTextAsync(), Is.EqualTo("<i>loud<!--"));
        await open.Page.GetByLabel("a row for each seed").CheckAsync();
        Assert.That(await open.Page.Locator(".summary tbody tr").CountAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task Two_evaluations_stand_side_by_side_and_are_searched_and_sorted()
    {
        await using var open = await browser.Open(file, "samples");
        var sides = open.Page.Locator(".side");
        var (left, right) = (sides.Nth(0), sides.Nth(1));
        Assert.That(await left.Locator(".text").First.InnerTextAsync(), Is.EqualTo("text 0 of pretraining-00000020"));
        Assert.That(await right.Locator(".text").First.InnerTextAsync(), Is.EqualTo("text 0 of adversarial-00000012"));
        Assert.That(await left.Locator(".text").Nth(1).InnerTextAsync(), Is.EqualTo("two\nlines \\u001b[31m \\u202e"),
            "line breaks stay, what could change the page around it is escaped");
        await left.GetByLabel("Later evaluation").ClickAsync();
        Assert.That(await left.Locator(".text").First.InnerTextAsync(), Is.EqualTo("text 0 of adversarial-00000000"));
        Assert.That(await right.Locator("li").First.Locator(".chip").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "helpful -1.75", "harmless 2" }));
        await open.Page.GetByLabel("Sort by").SelectOptionAsync("helpful, highest first");
        Assert.That(await right.Locator(".text").First.InnerTextAsync(), Is.EqualTo("text 4 of adversarial-00000012"));
        await open.Page.GetByLabel("Search texts").FillAsync("TEXT 3");
        await open.Until("document.querySelectorAll('.side')[1].querySelectorAll('li').length === 1");
        Assert.That(await right.Locator("mark").AllInnerTextsAsync(), Is.EqualTo(new[] { "text", "3" }));
        Assert.That(await right.InnerTextAsync(), Does.Contain("1 of 5 texts"));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task Hostile_markup_is_shown_as_text_and_asks_for_nothing()
    {
        await using var open = await browser.Open(file);
        foreach (var section in (string[])["curves", "tradeoff", "samples", "configuration", "events", "environment"])
        {
            await open.Page.Locator($"#tab-{section}").ClickAsync();
            // Charts are drawn in the next frame, of a section that is still shown.
            if (section == "curves") await open.Until("curves.charts.length > 0");
        }
        await open.Page.Locator("#tab-samples").ClickAsync();
        await open.Page.GetByLabel("Run", new() { Exact = true }).Nth(1).SelectOptionAsync("<i>loud<!--, seed 1");
        Assert.That(await open.Page.Locator(".side").Nth(1).Locator(".text, .prompt").AllInnerTextsAsync(),
            Has.Exactly(2).EqualTo(ReportRuns.Hostile), "text and prompt");
        Assert.That(await open.Page.Locator(".side").Nth(1).Locator(".chip").First.EvaluateAsync<int>("chip => chip.children.length"),
            Is.EqualTo(1), "a judge's name is text");
        foreach (var section in (string[])["configuration", "events", "environment"])
            Assert.That(await open.Value<string>($"document.getElementById('panel-{section}').textContent"),
                Does.Contain(ReportRuns.Hostile), section);
        Assert.That(await open.Page.Locator("img, main script, i, main b:not(.chip b):not(.tip b)").CountAsync(), Is.Zero);
        Assert.That(await open.Page.TitleAsync(), Is.EqualTo("calm, <i>loud<!--"));
        Assert.That(open.Requests, Has.Count.EqualTo(1), "the page itself");
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task The_policy_of_the_page_forbids_other_scripts_and_every_connection()
    {
        await using var open = await browser.Open(file);
        await open.Value<object?>("""
            (async () => {
                document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'owned'" }));
                document.body.append(Object.assign(document.createElement("img"), { src: "http://127.0.0.1:9/x.png" }));
                await fetch("http://127.0.0.1:9/").catch(() => null);
            })()
            """);
        Assert.That(await open.Page.TitleAsync(), Is.Not.EqualTo("owned"));
        Assert.That(open.Errors, Has.Some.Contains("Content Security Policy"));
        Assert.That(open.Finished, Has.None.StartWith("http"));
    }

    [Test]
    public async Task Settings_that_differ_are_marked_and_equal_ones_folded()
    {
        await using var open = await browser.Open(file, "configuration");
        var rows = open.Page.Locator("#panel-configuration table.wide tbody tr");
        Assert.That(await rows.Locator("th").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "description", "length", "discriminators[helpful].weight" }));
        Assert.That(await open.Page.Locator("#panel-configuration table.wide thead th").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "Setting", "calm", "<i>loud<!--" }));
        Assert.That(await rows.Nth(1).Locator("td").AllInnerTextsAsync(), Is.EqualTo(new[] { "6", "9" }));
        Assert.That(await rows.Nth(1).Locator("td.differs").AllInnerTextsAsync(), Is.EqualTo(new[] { "9" }));
        Assert.That(await open.Page.Locator("#panel-configuration details[open]").CountAsync(), Is.Zero);
        Assert.That(await open.Page.Locator("#panel-configuration details summary").InnerTextAsync(),
            Is.EqualTo("3 settings that all runs share"), "kind and name of the discriminator, plugins");
    }

    [Test]
    public async Task Commands_repeat_the_runs()
    {
        await using var open = await browser.Open(file, "environment");
        Assert.That(await open.Page.Locator("pre").AllInnerTextsAsync(), Is.EqualTo(new[]
        {
            "textgan run runs/calm/1/config.json --seeds 1,2 --runs repeated --plots repeated/plots",
            "textgan run 'runs/<i>loud<!--/1/config.json' --seeds 1 --runs repeated --plots repeated/plots",
            "textgan report runs/calm/1 runs/calm/2 'runs/<i>loud<!--/1' -o report.html",
        }));
    }

    [Test]
    public async Task Everything_is_reached_by_keyboard_with_a_visible_focus()
    {
        await using var open = await browser.Open(file);
        await open.Page.Locator("#tab-summary").FocusAsync();
        foreach (var section in (string[])["curves", "tradeoff", "samples", "configuration", "events", "environment", "summary"])
        {
            await open.Page.Keyboard.PressAsync("ArrowRight");
            Assert.That(await open.Page.Locator($"#panel-{section}").IsVisibleAsync(), Is.True, section);
        }
        await open.Page.Keyboard.PressAsync("End");
        Assert.That(await open.Page.Locator("#panel-environment").IsVisibleAsync(), Is.True);
        foreach (var section in (string[])["summary", "curves", "tradeoff", "samples"])
        {
            await open.Page.Locator($"#tab-{section}").ClickAsync();
            await open.Value<object?>($"document.getElementById('tab-{section}').focus()");
            var (reached, wanted) = (new HashSet<string>(), await open.Value<int>(
                $"document.querySelectorAll('#panel-{section} :is(button, select, input, summary):not(:disabled)').length"));
            for (var i = 0; i < wanted + 20; i++)
            {
                await open.Page.Keyboard.PressAsync("Tab");
                var focus = (await open.Value<string>($$"""
                    (() => {
                        const all = [...document.querySelectorAll('#panel-{{section}} :is(button, select, input, summary):not(:disabled)')];
                        return all.indexOf(document.activeElement) + " " + getComputedStyle(document.activeElement).outlineStyle;
                    })()
                    """)).Split(' ');
                if (focus[0] == "-1") continue;
                reached.Add(focus[0]);
                Assert.That(focus[1], Is.Not.EqualTo("none"), $"{section} {focus[0]}");
            }
            Assert.That(reached, Has.Count.EqualTo(wanted), section);
        }
    }

    [Test]
    public async Task The_theme_is_that_of_the_system_or_the_chosen_one()
    {
        await using var dark = await WithCurves(browser, file, ColorScheme.Dark);
        Task<string> Paper() => dark.Value<string>("getComputedStyle(document.body).backgroundColor");
        var (page, line) = (await Paper(), await dark.Value<string>("colorOf(0)"));
        Assert.That(page, Is.EqualTo("rgb(20, 23, 27)"));
        await dark.Page.GetByRole(AriaRole.Button, new() { Name = "Light", Exact = true }).ClickAsync();
        Assert.That((await Paper(), await dark.Value<string>("colorOf(0)")), Is.EqualTo(("rgb(255, 255, 255)", "#0072b2")));
        Assert.That(line, Is.Not.EqualTo("#0072b2"), "it could hardly be seen on a dark page");
        Assert.That(await Pixels(dark, 0), Is.GreaterThan(100), "charts are drawn again");
    }

    [Test]
    public async Task All_sections_are_printed_black_on_white()
    {
        await using var open = await browser.Open(file, "summary", ColorScheme.Dark);
        await open.Value<object?>("dispatchEvent(new Event('beforeprint'))");
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.That(await open.Value<bool[]>("[...document.querySelectorAll('section')].map(section => section.offsetHeight > 20)"),
            Is.All.True);
        Assert.That(await open.Value<string>("getComputedStyle(document.body).backgroundColor"), Is.EqualTo("rgb(255, 255, 255)"));
        Assert.That(await open.Page.Locator("#panel-curves canvas").CountAsync(), Is.GreaterThan(3));
        Assert.That(await open.Value<int[]>("[...document.querySelectorAll('table.part')].map(table => table.rows[0].cells.length)"),
            Has.Length.GreaterThan(3).And.All.LessThanOrEqualTo(7));
        Assert.That(await open.Page.Locator("nav").IsVisibleAsync(), Is.False);
        await open.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await open.Value<object?>("dispatchEvent(new Event('afterprint'))");
        Assert.That(await open.Page.Locator("table.part").CountAsync(), Is.Zero);
        Assert.That(await open.Value<string>("getComputedStyle(document.body).backgroundColor"), Is.EqualTo("rgb(20, 23, 27)"));
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task Nothing_lies_beside_a_narrow_page()
    {
        await using var open = await browser.Open(file, width: 480);
        foreach (var section in (string[])["summary", "curves", "tradeoff", "samples", "configuration", "events", "environment"])
        {
            await open.Page.Locator($"#tab-{section}").ClickAsync();
            Assert.That(await open.Value<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(480), section);
        }
        Assert.That(open.Errors, Is.Empty);
    }

    [Test]
    public async Task One_run_with_its_log_alone_is_a_report()
    {
        var run = ReportRuns.Small("alone", 1).Write(files.PathOf("one"));
        var one = RunReport.Write([run], files.PathOf("one.html"), "one")!;
        Assert.That(one.Runs, Is.EqualTo(1));
        await using var open = await browser.Open(one.File);
        foreach (var section in (string[])["curves", "tradeoff", "samples", "configuration", "events", "environment"])
            await open.Page.Locator($"#tab-{section}").ClickAsync();
        Assert.That(await open.Value<string>("document.getElementById('panel-events').textContent"),
            Does.Contain("No guard found anything"));
        Assert.That(open.Errors, Is.Empty);
    }
}
