using System.Text.Json;
using ScottPlot;
using TextGan.Reporting;

namespace TextGan.Tests.Reporting;

/// <summary>Figures of sweeps: colours by the value, metrics against it.</summary>
public sealed class SweepFigureTests
{
    /// <summary>A run with one evaluation, which belongs to a sweep.</summary>
    static string Write(TemporaryFiles files, string experiment, int seed, double helpful,
        params (string Option, string Value, string? Scale)[] swept)
    {
        var folder = RunFolder.Of(files.PathOf("runs"), experiment, seed);
        Directory.CreateDirectory(folder.Root);
        MetricLine Line(long step) => new() { Phase = "adversarial", Step = step, Seconds = 0,
            Values = new Dictionary<string, double> { ["metric/helpful"] = helpful, ["metric/nll"] = 2 + step } };
        File.WriteAllLines(folder.Metrics, [Line(0).ToJson(), Line(1).ToJson()]);
        File.WriteAllText(folder.Config, JsonSerializer.Serialize(new
        {
            name = experiment,
            swept = swept.Select(one =>
                new { option = one.Option, name = one.Option.Split('.')[^1], value = one.Value, scale = one.Scale }),
        }));
        return folder.Root;
    }

    static IReadOnlyList<Figure> Figures(params string[] runs) =>
        [.. ComparisonFigures.Of([.. runs.Select(RunLog.Read)], "t").Where(figure => figure.Name.StartsWith("comparison-sweep"))];

    static SweepPanel[] Panels(Figure figure) => [.. figure.Rows.SelectMany(row => row.Panels).Cast<SweepPanel>()];

    static string[] Temperatures(TemporaryFiles files) =>
    [
        .. from one in ((string, double)[])[("0.1", 0.1), ("1", 1), ("10", 10)] from seed in (int[])[1, 2]
           select Write(files, $"mle+temperature={one.Item1}", seed, one.Item2 / 20 + seed / 100.0,
               ("estimator.temperature", one.Item1, "log")),
    ];

    [Test]
    public void Metrics_are_drawn_against_the_value()
    {
        using var files = new TemporaryFiles();
        var figure = Figures(Temperatures(files)).Single();
        Assert.That((figure.Name, figure.Title),
            Is.EqualTo(("comparison-sweep-temperature", "Last evaluation against estimator.temperature: t")));
        var panels = Panels(figure);
        Assert.That(panels.Select(panel => panel.Title), Is.EqualTo(["helpful (higher is better)", "nll (lower is better)"]));
        // x: log10 of 0.1, 1, 10; seeds 1 and 2 have value/20 + 0.01 and value/20 + 0.02.
        var points = panels[0].Lines.Single().Points;
        Assert.That(points.Select(point => point.Step), Is.EqualTo([-1.0, 0, 1]).Within(1e-12));
        Assert.That(points.Select(point => point.Mean), Is.EqualTo([0.02, 0.065, 0.515]).Within(1e-12));
        Assert.That(points.Select(point => point.Low), Is.EqualTo([0.015, 0.06, 0.51]).Within(1e-12));
        Assert.That(points.Select(point => point.High), Is.EqualTo([0.025, 0.07, 0.52]).Within(1e-12));
        Assert.That(figure.Legend, Is.Empty);
        Assert.That(figure.Svg(), Does.Match(@">\s*0\.1\s*<").And.Match(@">\s*10\s*<"));
    }

    [Test]
    public void With_two_options_there_is_a_line_per_value_of_the_other()
    {
        using var files = new TemporaryFiles();
        var figures = Figures([.. from batch in (string[])["64", "128"] from kind in (string[])["cnn", "lstm", "bag"]
            select Write(files, $"mle+batch={batch}+kind={kind}", 1, 0.5,
                ("training.batch", batch, null), ("discriminators[0].kind", kind, null))]);
        Assert.That(figures.Select(figure => figure.Name), Is.EqualTo(["comparison-sweep-batch", "comparison-sweep-kind"]));
        Assert.That(Panels(figures[0])[0].Lines.Select(line => line.Points.Select(point => point.Step)),
            Is.EqualTo(Enumerable.Repeat(new[] { 64.0, 128 }, 3)));
        Assert.That(figures[0].Legend.Select(entry => entry.Text), Is.EqualTo(["kind=cnn", "kind=lstm", "kind=bag"]));
        Assert.That(Panels(figures[1])[0].Lines.Select(line => line.Points.Select(point => point.Step)),
            Is.EqualTo(Enumerable.Repeat(new[] { 0.0, 1, 2 }, 2)), "categories");
        Assert.That(figures[1].Svg(), Does.Match(@">\s*lstm\s*<"));
    }

    /// <summary>"context-kl-teacher" has no panel of its own: it is drawn, once, beside what students have.</summary>
    [Test]
    public void A_teacher_stands_beside_its_students()
    {
        using var files = new TemporaryFiles();
        string[] runs = [.. from share in (string[])["0", "1"] from context in (string[])["1", "4", "16"] from seed in (int[])[1, 2]
            select Write(files, $"mle+context={context}+share={share}", seed, 0.5, ("t.context", context, null), ("t.share", share, null))];
        foreach (var run in runs)
        {
            var line = MetricLine.Parse(File.ReadLines(new RunFolder(run).Metrics).Last());
            var context = double.Parse(run.Split("context=")[1].Split('+')[0]);
            File.AppendAllText(new RunFolder(run).Metrics, (line with { Step = 2, Values = new Dictionary<string, double>
                { ["metric/context-kl-student"] = 2 / context, ["metric/context-kl-teacher"] = 3 / context } }).ToJson() + "\n");
        }
        var figure = Figures(runs).Single(figure => figure.Name == "comparison-sweep-context");
        var panels = Panels(figure);
        Assert.That(panels.Select(panel => panel.Title), Has.Some.StartsWith("context-kl-student").And.None.Contains("teacher"));
        var lines = panels.Single(panel => panel.Title.StartsWith("context-kl-student")).Lines;
        Assert.That(lines.Select(line => line.Points.Select(point => point.Mean)),
            Is.EqualTo(new double[][] { [2, 0.5, 0.125], [2, 0.5, 0.125], [3, 0.75, 0.1875] }));
        Assert.That(panels.Single(panel => panel.Title.StartsWith("helpful")).Lines, Has.Count.EqualTo(2), "no teacher there");
        Assert.That(figure.Legend.Select(entry => entry.Text), Is.EqualTo(["share=0", "share=1", "the teacher itself"]));
    }

    [Test]
    public void Points_of_a_random_sweep_stand_alone()
    {
        using var files = new TemporaryFiles();
        var figures = Figures([.. Enumerable.Range(1, 12).Select(i => Write(files, $"mle+a={i}+b={i * i}", 1, 0.5,
            ("x.a", $"{i}", "linear"), ("x.b", $"{i * i}", null)))]);
        var panel = Panels(figures[0])[0];
        Assert.That(panel.Lines.SelectMany(line => line.Points).Select(point => point.Step), Is.EqualTo(Enumerable.Range(1, 12)));
        Assert.That(panel.Lines.Select(line => line.Look).Distinct(), Has.One.Items);
        Assert.That(figures[0].Note, Does.StartWith("A marker for each setting"));
        Assert.That(figures[0].Legend, Is.Empty);
    }

    [Test]
    public void Scale_and_order_follow_the_values()
    {
        static SweptOption Option(string? scale, params string[] values)
        {
            using var files = new TemporaryFiles();
            return SweptOption.Of([.. values.Select((value, i) =>
                RunLog.Read(Write(files, $"e+a={i}", 1, 0, ("a", value, scale))))]).Single();
        }

        Assert.That(Option("linear", "1", "100").IsLogarithmic, Is.False);
        Assert.That(Option("log", "1", "2").IsLogarithmic, Is.True);
        Assert.That((Option(null, "64", "128").IsLogarithmic, Option(null, "1e-05", "0.001").IsLogarithmic), Is.EqualTo((false, true)));
        Assert.That(Option(null, "128", "9", "64").Values, Is.EqualTo(["9", "64", "128"]));
        Assert.That((Option(null, "b", "1").IsNumeric, Option(null, "b", "1").X("1")), Is.EqualTo((false, 1.0)));
        var option = Option("linear", "0", "1", "2");
        static double Luminance(Color color) => 0.2126 * color.R + 0.7152 * color.G + 0.0722 * color.B;
        Assert.That(option.Values.Select(value => Luminance(option.ColorOf(value))), Is.Ordered.And.Unique, "a scale that prints in grey");
        Assert.That(Option("linear", [.. Enumerable.Range(0, 11).Select(i => $"{i}")]).Shown(6),
            Is.EqualTo(["0", "2", "4", "6", "8", "10"]));
    }

    [Test]
    public void Seeds_of_a_value_share_its_colour_and_the_legend_says_which()
    {
        using var files = new TemporaryFiles();
        RunLog[] runs = [.. Temperatures(files).Select(RunLog.Read)];
        var looks = new SweepLooks(runs);
        Assert.That(runs.Select(run => looks.Of(run)!.Color.ToHex()).Distinct().Count(), Is.EqualTo(3));
        Assert.That(looks.Of(runs[0]), Is.EqualTo(looks.Of(runs[1])));
        var figure = ComparisonFigures.Of(runs, "t")[0];
        Assert.That(figure.Legend.Select(entry => entry.Text),
            Is.EqualTo(["temperature=0.1 (2)", "temperature=1 (2)", "temperature=10 (2)"]));
        Assert.That(figure.Legend.Select(entry => entry.Look.Color), Is.EqualTo(runs.Select(run => looks.Of(run)!.Color).Distinct()));
        RunLog[] many = [.. from a in Enumerable.Range(0, 10) from b in (string[])["x", "y"]
            select RunLog.Read(Write(files, $"m+a={a}+b={b}", 1, 0, ("q.a", $"{a}", null), ("q.b", b, null)))];
        Assert.That(ComparisonFigures.Of(many, "t")[0].Legend.Select(entry => entry.Text),
            Is.EqualTo(["a=0", "a=1", "a=3", "a=5", "a=7", "a=9", "b=x", "b=y"]));
    }

    [Test]
    public void Runs_without_a_sweep_have_no_such_figure_and_damage_is_no_reason_to_fail()
    {
        using var files = new TemporaryFiles();
        var (one, other) = (Write(files, "one", 1, 0.5), Write(files, "other", 1, 0.5));
        Assert.That(Figures(one, other), Is.Empty);
        File.WriteAllText(Path.Combine(one, "config.json"), """{ "swept": [5] }""");
        Assert.That(Figures(one, other), Is.Empty);
        Assert.That(ComparisonPlots.Draw(Temperatures(files), files.PathOf("plots"), "t").Select(Path.GetFileName),
            Does.Contain("comparison-sweep-temperature.png").And.Contain("comparison-sweep-temperature.svg"));
    }
}
