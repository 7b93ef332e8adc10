using Microsoft.Playwright;
using TextGan.Reporting.Report;

namespace TextGan.Tests.Reporting.Report;

/// <summary>What the page of a report does in a real browser.</summary>
public sealed class ReportPageTests : ReportBrowserTests
{
    [Test]
    public async Task What_changed_is_said_below_the_summary()
    {
        await using var open = await Browser.Open(Report);
        var sentences = await open.Page.Locator("#panel-summary .changes li").AllInnerTextsAsync();
        Assert.That(sentences, Has.Count.EqualTo(2));
        Assert.That(sentences[0], Does.StartWith("calm (2 seeds): grammatical ."));
        Assert.That(sentences[1], Is.EqualTo("<i>loud<!-- (unfinished): no metric was measured at both ends"),
            "markup is text; its log was rolled back to step 12");
    }

    [Test]
    public async Task The_cursor_tells_values_with_seeds()
    {
        await using var open = await WithCurves();
        var box = (await open.Page.Locator("#panel-curves .u-over").First.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + box.Width / 2 + 2, box.Y + box.Height / 2);
        var tip = await open.Page.Locator("#panel-curves .tip:not([hidden])").InnerTextAsync();
        Assert.That(tip, Does.StartWith("step 6").And.Contain("calm, mean").And.Contain("calm, seed 2").And.Contain("at 60"));
    }

    [Test]
    public async Task Names_are_searched_phases_chosen_and_scales_made_logarithmic()
    {
        await using var open = await WithCurves();
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
        await using var open = await Browser.Open(Report);
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
        await using var open = await Browser.Open(Report, "samples");
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
        await using var open = await Browser.Open(Report);
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
        await using var open = await Browser.Open(Report);
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
        await using var open = await Browser.Open(Report, "configuration");
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
        await using var open = await Browser.Open(Report, "environment");
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
        await using var open = await Browser.Open(Report);
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
        await using var dark = await WithCurves(null, ColorScheme.Dark);
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
        await using var open = await Browser.Open(Report, "summary", ColorScheme.Dark);
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
        await using var open = await Browser.Open(Report, width: 480);
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
        var run = ReportRuns.Small("alone", 1).Write(Files.PathOf("one"));
        var one = RunReport.Write([run], Files.PathOf("one.html"), "one")!;
        Assert.That(one.Runs, Is.EqualTo(1));
        await using var open = await Browser.Open(one.File);
        foreach (var section in (string[])["curves", "tradeoff", "samples", "configuration", "events", "environment"])
            await open.Page.Locator($"#tab-{section}").ClickAsync();
        Assert.That(await open.Value<string>("document.getElementById('panel-events').textContent"),
            Does.Contain("No guard found anything"));
        Assert.That(open.Errors, Is.Empty);
    }
}
