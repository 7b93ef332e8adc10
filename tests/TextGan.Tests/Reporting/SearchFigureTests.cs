using TextGan.Reporting;

namespace TextGan.Tests.Reporting;

/// <summary>Figures of the metric "search".</summary>
public sealed class SearchFigureTests
{
    /// <summary>A run of two evaluations of a search "s" with budgets of 4 and 16.</summary>
    static RunLog Run(TemporaryFiles files, int seed, (double Nodes, double Reached) first, (double Nodes, double Reached) last)
    {
        var folder = RunFolder.Of(files.PathOf("runs"), "searched", seed);
        Directory.CreateDirectory(folder.Root);
        MetricLine Line(long step, (double Nodes, double Reached) found) => new()
        {
            Phase = "adversarial", Step = step, Seconds = 0,
            Values = ((int[])[4, 16]).SelectMany(budget => new Dictionary<string, double>
            {
                [$"metric/search-s-{budget}-true"] = found.Reached, [$"metric/search-s-{budget}-tokens"] = 10 * budget,
                [$"metric/search-s-{budget}-reached"] = budget == 4 ? 0 : found.Reached,
                [$"metric/search-s-{budget}-nodes-to-reach"] = budget == 4 ? 4 : found.Nodes,
            }).ToDictionary(),
        };
        File.WriteAllLines(folder.Metrics, [Line(0, first).ToJson(), Line(2, last).ToJson()]);
        return RunLog.Read(folder.Root);
    }

    static CategoryValues[] Nodes(params RunLog[] runs) =>
        [.. SearchFigures.Of(runs, "t").Single().Rows[1].Panels.Cast<CategoryPanel>().Single().Categories];

    /// <summary>
    /// Searches that give up after few nodes have a small mean, but must be repeated: 6 nodes each with one of four successful are 24.
    /// </summary>
    [Test]
    public void Nodes_count_the_searches_that_gave_up()
    {
        using var files = new TemporaryFiles();
        var nodes = Nodes(Run(files, 1, (6, 0.25), (3, 0.5)), Run(files, 2, (5, 0.5), (8, 1)));
        Assert.That(nodes.Select(one => one.Name), Is.EqualTo(["s, first", "s, last"]));
        Assert.That(nodes.Select(one => one.Values), Is.EqualTo(new[] { new[] { 24.0, 10 }, [6, 8] }));
    }

    [Test]
    public void A_seed_without_success_is_not_left_out_of_a_mean()
    {
        using var files = new TemporaryFiles();
        var nodes = Nodes(Run(files, 1, (6, 0.25), (3, 0.5)), Run(files, 2, (16, 0), (8, 1)));
        Assert.That(nodes[0].Values, Is.All.NaN);
        Assert.That(nodes[0].Missing, Is.EqualTo("with some seed no search reached it"));
        Assert.That(nodes[1].Values, Is.EqualTo([6, 8]));
    }
}
