using System.Xml.Linq;
using TextGan.Reporting;
using TextGan.Training;
using static TextGan.Tests.Reporting.Pictures;

namespace TextGan.Tests.Reporting;

/// <summary>
/// The pictures of runs: which there are, their size, that they are whole, and that a name from a file cannot break out of them.
/// </summary>
public sealed class FigureTests
{
    [Test]
    public void ARunHasItsPictures()
    {
        using var files = new TemporaryFiles();
        var drawn = RunPlots.Draw(new FakeRun("grammar", 3).Write(files.PathOf("runs")), files.PathOf("plots"));
        string[] expected = ["terms", "discriminators", "scores", "metrics", "pretraining", "optimisation"];
        Assert.That(drawn.Select(Path.GetFileName), Is.EquivalentTo(expected.SelectMany(name => new[] { $"{name}.png", $"{name}.svg" })));
        Assert.That(Directory.EnumerateFiles(files.PathOf("plots")), Is.EquivalentTo(drawn));
        AssertPictures(drawn);
        string Svg(string name) => File.ReadAllText(drawn.Single(file => file.EndsWith($"{name}.svg", StringComparison.Ordinal)));
        Assert.That(Svg("terms"), Does.Contain("Generator terms: grammar, seed 3").And.Contain("helpfulness").And.Contain("harmlessness")
            .And.Contain("total"));
        Assert.That(Svg("metrics"), Does.Contain("iteration (shaded: update)"), "the pretraining is marked");
    }

    [Test]
    public void PolicyValuesHaveAPictureOfTheirOwn()
    {
        using var files = new TemporaryFiles();
        var folder = new RunFolder(new FakeRun("ppo", 1) { PretrainingUpdates = 0 }.Write(files.PathOf("runs")));
        File.WriteAllLines(folder.Metrics, File.ReadAllLines(folder.Metrics).Select(MetricLine.Parse).Select(line =>
            (line.Values.ContainsKey("total") ? line with { Values = new Dictionary<string, double>(line.Values)
            {
                ["texts/ended"] = 0.5, ["policy/entropy"] = 2, ["reference/klText"] = line.Step, ["critic/helpfulness/loss"] = 1,
                ["critic/kl/loss"] = 2,
            } } : line).ToJson()));
        var drawn = RunPlots.Draw(folder.Root, files.PathOf("plots"));
        Assert.That(drawn.Select(Path.GetFileName), Has.None.StartsWith("other"));
        var policy = File.ReadAllText(drawn.Single(file => file.EndsWith("policy.svg", StringComparison.Ordinal)));
        string[] expected =
            ["Texts that ended", "Entropy and KL", "KL to the reference per text", "Loss of the critics", "helpfulness", "kl"];
        foreach (var text in expected) Assert.That(policy, Does.Contain(text));
        Assert.That(policy, Does.Not.Contain("Clipped"));
    }

    /// <summary>A run whose samples have this share of unknown tokens, and, beside it, what it noted of its data.</summary>
    static string WithUnknown(TemporaryFiles files, string name, double share, string? data = null)
    {
        var folder = new RunFolder(
            new FakeRun(name, 1) { Iterations = 10, EvaluateEvery = 5, PretrainingUpdates = 0, DiscriminatorUpdates = 0 }.Write(
            files.PathOf("runs")));
        File.WriteAllLines(folder.Metrics, File.ReadAllLines(folder.Metrics).Select(MetricLine.Parse).Select(line =>
            (line.Values.ContainsKey("metric/nll")
                ? line with { Values = new Dictionary<string, double>(line.Values) { ["metric/unknown"] = share } } : line).ToJson()));
        if (data is not null) File.WriteAllText(folder.Data, data);
        return folder.Root;
    }

    const string FiveWords = """{"findings":[],"sets":{"news":{"train":{"texts":{"count":9,"tokens":50,"unknown":20}}}""" +
        ""","grammar":{"train":{"texts":{"count":9,"tokens":50,"unknown":0}}}}}""";

    [TestCase(0.4, FiveWords, "unknown", "text of &apos;news&apos;", "not: text of &apos;grammar&apos;")]
    [TestCase(0.4, null, "unknown", "not: text of")]
    [TestCase(0.4, "{\"sets\":[1]}", "unknown", "not: text of")]
    [TestCase(0, FiveWords, "unknown", "text of &apos;news&apos;")]
    [TestCase(0, null, "not: Unknown tokens")]
    public void UnknownTokensAreDrawnBesideThoseOfTheText(double share, string? data, params string[] texts)
    {
        using var files = new TemporaryFiles();
        var drawn = RunPlots.Draw(WithUnknown(files, "five", share, data), files.PathOf("plots"));
        var svg = File.ReadAllText(drawn.Single(file => file.EndsWith("metrics.svg", StringComparison.Ordinal))).Replace("&#39;", "&apos;")
            .Replace("'", "&apos;");
        foreach (var text in texts)
            Assert.That(svg, text.StartsWith("not: ", StringComparison.Ordinal) ? Does.Not.Contain(text[5..]) : Does.Contain(text));
        AssertPictures(drawn);
    }

    /// <summary>The same pixels as by ScottPlot's own markers, whose paths the garbage collector may free while they are drawn.</summary>
    [Test]
    public void MarkersLookAsScottPlotDrawsThem([Values] bool small)
    {
        ScottPlot.MarkerShape[] shapes = [.. Enumerable.Range(0, 8).Select(i => LineLook.Of(i).Marker), LineLook.Rejected.Marker,
            LineLook.BagOfWords.Marker, ScottPlot.MarkerShape.FilledDiamond];
        foreach (var shape in shapes.Distinct())
        {
            var style = new ScottPlot.MarkerStyle(shape, small ? 8 : 30, ScottPlot.Colors.Red) { LineWidth = 1.8f };
            var expected = Pixels(style);
            Assert.That(Pixels(PathMarker.Use(style)), Is.EqualTo(expected), $"{shape}");
            Assert.That(style.CustomRenderer is null, Is.EqualTo($"{shape}".EndsWith("Circle", StringComparison.Ordinal)
                || $"{shape}".EndsWith("Square", StringComparison.Ordinal)), $"{shape}");
        }

        static byte[] Pixels(ScottPlot.MarkerStyle style)
        {
            using var bitmap = new SkiaSharp.SKBitmap(48, 48);
            using var canvas = new SkiaSharp.SKCanvas(bitmap);
            using var paint = ScottPlot.Paint.NewDisposablePaint();
            style.Render(canvas, new ScottPlot.Pixel(23.5f, 24), paint);
            return bitmap.Bytes;
        }
    }

    [Test]
    public void IntervalsOfMetricsAreBandsAndNoLines()
    {
        using var files = new TemporaryFiles();
        var folder = new RunFolder(new FakeRun("rules", 1)
            { Iterations = 10, EvaluateEvery = 5, PretrainingUpdates = 0, DiscriminatorUpdates = 0 }.Write(files.PathOf("runs")));
        File.WriteAllLines(folder.Metrics, File.ReadAllLines(folder.Metrics).Select(MetricLine.Parse).Select(line =>
            (line.Values.ContainsKey("metric/nll") ? line with { Values = new Dictionary<string, double>(line.Values)
            {
                ["metric/rule-dog"] = 0.5, ["metric/rule-dog-low"] = 0.4, ["metric/rule-dog-high"] = 0.6,
                ["metric/reference-kl"] = 2, ["metric/reference-kl-error"] = 0.25, ["metric/cats-low"] = 3,
            } } : line).ToJson()));
        string Texts(IReadOnlyList<string> drawn) =>
            string.Concat(drawn.Where(file => Path.GetFileName(file).Contains("metrics") && file.EndsWith(".svg", StringComparison.Ordinal))
                .Select(File.ReadAllText));
        var run = Texts(RunPlots.Draw(folder.Root, files.PathOf("plots")));
        Assert.That(run, Does.Contain("rule-dog").And.Contain("reference-kl").And.Contain("Bands: 95% intervals."));
        Assert.That(run, Does.Contain("cats-low"), "the end of a name whose beginning is no value");
        var both = run + Texts(ComparisonPlots.Draw([folder.Root], files.PathOf("compared"), "compared"));
        Assert.That(both, Does.Not.Contain("rule-dog-").And.Not.Contain("reference-kl-error"));
        // 2 ± 1.96 · 0.25
        var curve = new Curve([new LogSeries([0, 5], [2, double.NaN])]).Plus(new Curve([new LogSeries([0, 5], [0.25, 1])]), 1.96);
        Assert.That(curve.Parts.Single().Values, Is.EqualTo(new[] { 2.49, double.NaN }).Within(1e-12));
    }

    [Test]
    public void AComparisonShowsUnknownTokensWhereOneRunHasThem()
    {
        using var files = new TemporaryFiles();
        string[] runs = [WithUnknown(files, "five", 0.42), WithUnknown(files, "all", 0)];
        var drawn = ComparisonPlots.Draw(runs, files.PathOf("both"), "both");
        string Of(IReadOnlyList<string> files, string end) =>
            string.Concat(files.Where(file => file.Contains(end) && !file.EndsWith(".png", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        Assert.That(Of(drawn, "comparison-metrics"), Does.Contain("unknown"));
        Assert.That(Of(drawn, "summary"), Does.Contain("five,1,adversarial,unknown,10,0.42").And.Contain("all,1,adversarial,unknown,10,0"));
        Assert.That(Of(ComparisonPlots.Draw([runs[1]], files.PathOf("one"), "one"), "comparison"), Does.Not.Contain("unknown"));
    }

    [Test]
    public void RunsOfOneKindOfPhaseHaveThePicturesOfThat()
    {
        using var files = new TemporaryFiles();
        var pretrained = RunPlots.Draw(new FakeRun("likelihood", 1) { Iterations = 0, Discriminators = [] }.Write(files.PathOf("runs")),
            files.PathOf("plots"));
        Assert.That(pretrained.Select(Path.GetFileName),
            Does.Contain("pretraining.png").And.None.Contains("terms").And.None.Contains("discriminators"));
        AssertPictures(pretrained);
        var adversarial = RunPlots.Draw(
            new FakeRun("adversarial", 1) { PretrainingUpdates = 0, DiscriminatorUpdates = 0, Iterations = 3, EvaluateEvery = 1 }.Write(
            files.PathOf("runs")), files.PathOf("plots"));
        Assert.That(adversarial.Select(Path.GetFileName), Does.Contain("terms.png").And.None.Contains("pretraining"));
        AssertPictures(adversarial);
    }

    [Test]
    public void RunsAreCompared()
    {
        using var files = new TemporaryFiles();
        string[] runs = [.. from name in (string[])["likelihood", "all"] from seed in (int[])[1, 2] select new FakeRun(name, seed) {
            Success = name == "all" ? 0.8 : 0 }.Write(files.PathOf("runs"))];
        var drawn = ComparisonPlots.Draw(runs, files.PathOf("plots"), "what is compared");
        foreach (var name in (string[])["metrics", "losses", "final", "tradeoff"])
            Assert.That(drawn.Select(Path.GetFileName), Does.Contain($"comparison-{name}.png").And.Contain($"comparison-{name}.svg"));
        Assert.That(drawn.Select(Path.GetFileName),
            Is.All.Match(@"^(comparison-(metrics|losses|final|tradeoff)(-\d)?\.(png|svg)|summary\.csv)$"), "further pages have numbers");
        AssertPictures(drawn);
        Assert.That(File.ReadAllText(drawn[1]), Does.Contain("what is compared").And.Contain("likelihood").And.Contain("all"));
        var rows = File.ReadAllLines(drawn[^1]);
        Assert.That(rows[0], Is.EqualTo("experiment,seed,phase,metric,step,value,samples,missing"));
        var last = new FakeRun("all", 2) { Success = 0.8 }.Lines().Last(line => line.Values.ContainsKey("metric/helpful"));
        Assert.That(rows, Does.Contain($"all,2,adversarial,helpful,600,{last.Values["metric/helpful"]:R},,"));
    }

    static string Write(TemporaryFiles files, string experiment, int samples, double distinct, string? missing = null)
    {
        var folder = RunFolder.Of(files.PathOf("runs"), experiment, 1);
        Directory.CreateDirectory(folder.Root);
        MetricLine Line(long step) => new()
        {
            Phase = "adversarial", Step = step, Seconds = 0,
            Values = new Dictionary<string,
                double> { ["metric/helpful"] = 0.5, ["metric/nll"] = 2, ["metric/distinct-3"] = 0.25, ["metric/distinct-4"] = distinct,
                ["metric/self-bleu-4"] = 0.4 },
            Samples = new Dictionary<string,
                int> { ["metric/helpful"] = samples, ["metric/distinct-3"] = samples, ["metric/distinct-4"] = samples,
                ["metric/self-bleu-4"] = samples },
            Missing = missing is null ? null : new Dictionary<string, string> { ["metric/distinct-4"] = missing },
        };
        File.WriteAllLines(folder.Metrics, [Line(0).ToJson(), Line(1).ToJson()]);
        return folder.Root;
    }

    [Test]
    public void FiguresOfOtherNumbersOfSamplesAreNotCompared()
    {
        using var files = new TemporaryFiles();
        string[] runs = [Write(files, "few", 500, 0.75), Write(files, "many", 2000, 0.5), Write(files, "more", 2000, 0.5)];
        var drawn = ComparisonPlots.Draw(runs, files.PathOf("plots"), "t");
        foreach (var name in (string[])["metrics", "final"])
            Assert.That(Words(files.PathOf($"plots/comparison-{name}.svg")),
                Does.Contain("distinct-4 (500; higher is better)").And.Contain("distinct-4 (2,000; higher is better)")
                .And.Contain("self-bleu-4 (500; lower is better)").And.Contain("In brackets: number of samples.")
                    .And.Contain("helpful (higher is better)"), name);
        Assert.That(Words(files.PathOf("plots/comparison-tradeoff.svg")),
            Does.Contain("helpful against distinct-4 (500)").And.Contain("helpful against distinct-4 (2,000)"));
        Assert.That(File.ReadAllLines(drawn[^1]),
            Does.Contain("few,1,adversarial,distinct-4,1,0.75,500,").And.Contain("few,1,adversarial,nll,1,2,,")
            .And.Contain("many,1,adversarial,self-bleu-4,1,0.4,2000,"));
        AssertPictures(drawn);
        Assert.That(Words(RunPlots.Draw(runs[0], files.PathOf("plots"))
            .Single(file => file.EndsWith("metrics.svg", StringComparison.Ordinal))), Does.Contain("Distinct n-grams (500 samples)"));
    }

    [Test]
    public void WhatCouldNotBeComputedIsSaidAndNotDrawn()
    {
        using var files = new TemporaryFiles();
        const string reason = "no sample has 4 tokens";
        string[] runs = [Write(files, "short", 500, double.NaN, reason), Write(files, "long", 500, 0.5)];
        var drawn = ComparisonPlots.Draw(runs, files.PathOf("plots"), "t");
        Assert.That(Words(files.PathOf("plots/comparison-metrics.svg")), Does.Contain($"{reason} (1 of 2)"));
        Assert.That(Words(files.PathOf("plots/comparison-final.svg")), Does.Contain(reason));
        Assert.That(File.ReadAllLines(drawn[^1]), Does.Contain($"short,1,adversarial,distinct-4,1,,500,{reason}"));
        Assert.That(Words(RunPlots.Draw(runs[0], files.PathOf("plots"))
            .Single(file => file.EndsWith("metrics.svg", StringComparison.Ordinal))), Does.Contain($"distinct-4: {reason}"));
        var alone = ComparisonPlots.Draw(runs[..1], files.PathOf("alone"), "t");
        Assert.That(Words(files.PathOf("alone/comparison-final.svg")), Does.Contain("distinct-3").And.Not.Contain("distinct-4"),
            "the longest n-grams that there are");
        AssertPictures([.. drawn, .. alone]);
    }

    [Test]
    public void RunsThatCannotBeReadAreNamedTogether()
    {
        using var files = new TemporaryFiles();
        var good = new FakeRun("good", 1).Write(files.PathOf("runs"));
        Assert.That(() => ComparisonPlots.Draw([good, files.PathOf("a"), files.PathOf("b")], files.PathOf("plots"), "t"),
            Throws.TypeOf<TextGan.Problems.InvalidInputException>().With.Property("Problems").Count.EqualTo(2));
        Assert.That(Directory.Exists(files.PathOf("plots")), Is.False);
    }

    /// <summary>Names come from users' files: none becomes markup, a path, or a control character.</summary>
    [Test]
    public void NamesAreTextAndNothingElse()
    {
        using var files = new TemporaryFiles();
        const string name = "</text><script>alert(1)</script>&\"'\u001b[2J\u202Eabc", metric = "metric/<b>&amp;\u0000 ../../x";
        var folder = new RunFolder(files.PathOf(Path.Combine("runs", "a&b <i> ..", "1")));
        Directory.CreateDirectory(folder.Root);
        File.WriteAllLines(folder.Metrics, Enumerable.Range(0, 5).Select(step => new MetricLine
        {
            Phase = "adversarial", Step = step, Seconds = 0,
            Values = new Dictionary<string, double>
            {
                [$"term/{name}/raw"] = step, [$"term/{name}/weighted"] = step, [$"discriminator/{name}/loss"] = step, ["total"] = step,
                    [metric] = step, [$"other {name}"] = step,
            },
        }.ToJson()));
        var drawn = RunPlots.Draw(folder.Root, files.PathOf("plots"))
            .Concat(ComparisonPlots.Draw([folder.Root], files.PathOf("comparison"), name)).ToArray();
        AssertPictures(drawn);
        foreach (var file in drawn)
        {
            Assert.That(Path.GetFileName(file), Does.Match("^[A-Za-z0-9._-]+$"));
            if (!file.EndsWith(".svg", StringComparison.Ordinal)) continue;
            var text = File.ReadAllText(file);
            Assert.That(text, Does.Not.Contain("<script").And.Not.Contain('\u001b').And.Not.Contain('\u202E').And.Not.Contain('\0'));
        }
        var words = string.Concat(
            XDocument.Load(drawn.First(file => file.EndsWith("terms.svg", StringComparison.Ordinal))).Descendants()
            .Where(e => e.Name.LocalName == "text").Select(e => e.Value + "\n"));
        Assert.That(words, Does.Contain("</text><script>a").And.Contain("\\u{202E}abc"), "it is shown as it reads, without its middle");
    }

    [Test]
    public void ValuesOfAllSizesAreDrawn()
    {
        using var files = new TemporaryFiles();
        double[] wild = [0, -0.0, 1e-45, 1e-300, 1e45, -1e45, double.NaN, double.PositiveInfinity, double.NegativeInfinity, float.MaxValue,
            float.MinValue, 5];
        double[] giant = [1e300, 2, -1e300, double.MaxValue, double.MinValue, 1e99, 1e150];
        double[] many = [.. Enumerable.Range(0, 300).Select(i => i % 50 == 7 ? 1e300 : i)];
        foreach (var (values, seed) in new[] { (wild, 1), ([.. wild.Select(_ => double.NaN)], 2), ([.. wild.Select(_ => 3.0)], 3),
            (wild[..1], 4), (giant, 5), (giant[..1], 6), (many, 7), ([.. giant, .. many], 8) })
        {
            var folder = RunFolder.Of(files.PathOf("runs"), "wild", seed);
            Directory.CreateDirectory(folder.Root);
            string[] names = ["total", "term/a/raw", "term/a/weighted", "term/a/weight", "discriminator/a/loss",
                "discriminator/a/scoreReal", "discriminator/a/accuracyReal", "generator/gradientNorm", "metric/nll", "metric/helpful"];
            File.WriteAllLines(folder.Metrics,
                values.Select((value, step) =>
                new MetricLine { Phase = "adversarial", Step = step, Seconds = 0,
                Values = names.ToDictionary(name => name, _ => value) }.ToJson()));
            foreach (var file in RunPlots.Draw(folder.Root, files.PathOf("plots"))
                .Concat(ComparisonPlots.Draw([folder.Root], files.PathOf($"comparison-{seed}"), "wild")))
                if (file.EndsWith(".svg", StringComparison.Ordinal))
                {
                    var words = string.Concat(
                        XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "text")
                        .Select(element => element.Value));
                    Assert.That(words.Contains("drawn there"), Is.EqualTo(seed >= 5), $"{file}: {words}");
                }
        }
        Assert.That(File.ReadAllText(files.PathOf("comparison-5/summary.csv")), Does.Contain($",nll,6,{1e150:R}"),
            "the table has them as they are");
    }

    [Test]
    public void TheSameLogGivesTheSamePictures()
    {
        using var files = new TemporaryFiles();
        var run = new FakeRun("same", 1) { Iterations = 50, PretrainingUpdates = 50 }.Write(files.PathOf("runs"));
        // The SVGs differ in the numbers of their clip paths, which Skia counts on.
        byte[][] Draw(string to) =>
            [.. RunPlots.Draw(run, files.PathOf(to)).Where(file => file.EndsWith(".png", StringComparison.Ordinal))
            .Select(File.ReadAllBytes)];
        Assert.That(Draw("two"), Is.EqualTo(Draw("one")));
    }
}
