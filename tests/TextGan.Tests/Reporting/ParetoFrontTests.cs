using ScottPlot;
using TextGan.Problems;
using TextGan.Reporting;

namespace TextGan.Tests.Reporting;

public sealed class ParetoFrontTests
{
    static readonly FrontMetric Helpful = new("helpful", true), Nll = new("nll", false);

    /// <summary>An experiment with seeds 1, 2, ... of these values.</summary>
    static FrontPoint Point(string name, params double[][] seeds) => new(name, name, name.StartsWith("soup", StringComparison.Ordinal),
        LineLook.Of(0), [.. seeds.Select((values, i) => ($"{i + 1}", (IReadOnlyList<double>)values))]);

    static ParetoFront Front(params FrontPoint[] points)
    {
        FrontMetric[] metrics = [Helpful, Nll];
        return new(metrics, points, ParetoFront.Worst(metrics, points));
    }

    static string[] Dominating(ParetoFront front, string name) =>
        [.. front.Dominating(front.Points.Single(point => point.Name == name)).Select(point => point.Name)];

    [Test]
    public void An_experiment_dominates_where_it_is_at_least_as_good_in_all_and_better_in_one()
    {
        // nll: lower is better.
        var front = Front(Point("a", [0.9, 2.0]), Point("same", [0.9, 2.0]), Point("tie", [0.9, 2.5]), Point("worse", [0.8, 2.5]),
            Point("other", [0.5, 1.0]));
        Assert.Multiple(() =>
        {
            Assert.That(Dominating(front, "a"), Is.Empty, "equal ones do not dominate each other");
            Assert.That(Dominating(front, "same"), Is.Empty);
            Assert.That(Dominating(front, "tie"), Is.EqualTo(["a", "same"]));
            Assert.That(Dominating(front, "worse"), Is.EqualTo(["a", "same", "tie"]));
            Assert.That(Dominating(front, "other"), Is.Empty);
            Assert.That(front.Reference, Is.EqualTo([0.5, 2.5]), "the worst of each");
            Assert.That(front.Dominating(front.Points[4], [0]).Count(), Is.EqualTo(4), "in helpfulness alone");
        });
    }

    [Test]
    public void Means_decide_and_the_seeds_say_whether_they_are_apart()
    {
        var front = Front(Point("good", [0.8, 1.0], [0.6, 1.2]), Point("near", [0.65, 1.3], [0.55, 1.1]),
            Point("far", [0.6, 1.2], [0.1, 2]));
        Assert.Multiple(() =>
        {
            Assert.That(Dominating(front, "near"), Is.EqualTo(["good"]));
            Assert.That(front.IsApart(front.Points[0], front.Points[1]), Is.False, "0.6 is less than 0.65");
            Assert.That(front.IsApart(front.Points[0], front.Points[2]), Is.True, "0.6 and 1.2 are its worst and the other's best");
            Assert.That(front.Reference, Is.EqualTo([0.1, 2]), "the worst of any seed");
        });
        var single = Front(Point("a", [0.9, 1.0]), Point("b", [0.1, 2.0]));
        Assert.That(single.IsApart(single.Points[0], single.Points[1]), Is.False, "of one seed each no spread is known");
    }

    [Test]
    public void Hypervolumes_are_of_means_and_of_each_seeds_own_values_with_and_without_soups()
    {
        // Reference (0, 4). Means: a (0.5, 3), soup (1, 2): area 1·2. Seed 1: a (0.4, 2), soup (1, 2): 2. Seed 2: a (0.6, 4): 0, soup 2.
        var front = new ParetoFront([Helpful, Nll],
            [Point("a", [0.4, 2], [0.6, 4]), Point("soup", [1, 2], [1, 2]), Point("c", [0, 4], [0, 4], [0.2, 3])], [0, 4]);
        var volumes = front.Volumes([0, 1]).ToArray();
        Assert.That(volumes.Select(volume => volume.Set), Is.EqualTo(["all", "without soups"]));
        Assert.That(volumes[0].OfMeans, Is.EqualTo(2).Within(1e-12));
        Assert.That(volumes[0].OfSeeds, Is.EqualTo(new SeedPoint(0, 2, 2, 2, 2)), "two seeds are common to all");
        // Without: means (0.5, 3): 0.5, and c (0.0667, 3.667) within it. Seed 1: 0.4·2; seed 2: nothing.
        Assert.That(volumes[1].OfMeans, Is.EqualTo(0.5).Within(1e-12));
        Assert.That((volumes[1].OfSeeds.Mean, volumes[1].OfSeeds.Low, volumes[1].OfSeeds.High, volumes[1].OfSeeds.Count),
            Is.EqualTo((0.4, 0.0, 0.8, 2)));
    }

    [Test]
    public void The_border_of_a_plane_goes_round_what_its_members_dominate()
    {
        var front = new ParetoFront([Helpful, Nll],
            [Point("b", [0.6, 2]), Point("a", [0.4, 1]), Point("dominated", [0.3, 3]), Point("c", [0.8, 3])], [0.2, 4]);
        var panel = new FrontPanel(front, 0, 1, withNames: true) { Title = "t", Unit = "nll" };
        Assert.That(panel.Members.Select(point => point.Name), Is.EqualTo(["a", "b", "c"]));
        Assert.That(panel.Border, Is.EqualTo(
            [(0.2, 1.0), (0.4, 1.0), (0.4, 2.0), (0.6, 2.0), (0.6, 3.0), (0.8, 3.0), (0.8, 4.0)]));
        // The other way round the best of the vertical metric is at the other end.
        var turned = new FrontPanel(front, 1, 0, withNames: true) { Title = "t", Unit = "helpful" };
        Assert.That(turned.Border, Is.EqualTo(
            [(4.0, 0.8), (3.0, 0.8), (3.0, 0.6), (2.0, 0.6), (2.0, 0.4), (1.0, 0.4), (1.0, 0.2)]));
    }

    [Test]
    public void Names_cover_neither_each_other_nor_markers()
    {
        // A cluster, two equal points, and corners.
        SkiaSharp.SKPoint[] points = [new(100, 100), new(103, 104), new(103, 104), new(98, 110), new(0, 0), new(300, 200), new(110, 96)];
        var places = LabelPlaces.Of(points, [.. points.Select(_ => new SkiaSharp.SKSize(70, 15))], 300, 200);
        for (var i = 0; i < places.Count; i++)
        {
            Assert.That(new SkiaSharp.SKRect(0, 0, 300, 200).Contains(places[i]), Is.True, $"{i} is inside");
            Assert.That(places.Where((_, j) => j != i).Any(other => other.IntersectsWith(places[i])), Is.False, $"{i} and another name");
            Assert.That(points.Any(point => places[i].Contains(point)), Is.False, $"{i} and a point");
        }
    }

    [Test]
    public void A_table_has_values_spread_and_who_dominates()
    {
        var front = Front(Point("a", [0.75, 1.0], [0.25, 2.0]), Point("=b", [0.25, 2.5]));
        Assert.That(FrontPlots.ToCsv(front), Is.EqualTo(
            "experiment,kind,seeds,helpful,helpful smallest,helpful largest,nll,nll smallest,nll largest,dominatedBy," +
            "dominatedByEverySeed\r\n" +
            "a,run,2,0.5,0.25,0.75,1.5,1,2,,\r\n'=b,run,1,0.25,0.25,0.25,2.5,2.5,2.5,a,a\r\n"));
        // Above (0.25, 2.5): the mean (0.5, 1.5); seed 1, the only common one, (0.75, 1).
        Assert.That(FrontPlots.ToCsv(front, [.. front.Volumes([0, 1])]), Is.EqualTo(
            "metrics,reference,set,ofMeans,seeds,meanOfSeeds,smallest,largest\r\nhelpful; nll,0.25; 2.5,all,0.25,1,0.75,0.75,0.75\r\n"));
    }
}
