using System.Xml.Linq;
using TextGan.Reporting;

namespace TextGan.Tests.Reporting;

public sealed class OverOptimizationTests
{
    static readonly RewardLaw[] Laws = [RewardLaw.BestOfN, RewardLaw.PolicyGradient];

    [TestCase(0, 2.5, 0.4), TestCase(0, -1, -2), TestCase(1, 1.7, 0.9), TestCase(1, 0.2, 0)]
    public void Points_of_a_law_give_its_coefficients_back(int law, double alpha, double beta)
    {
        double Reward(double d) => law == 0 ? d * (alpha - (beta * d)) : d * (alpha - (beta * Math.Log(d)));
        // The point at d = 0 has no part in it.
        var points = Enumerable.Range(1, 9).Select(i => (0.6 * i, Reward(0.6 * i))).Prepend((0.0, 0.0));
        var (fit, _) = RewardFit.Of(Laws[law], points);
        Assert.Multiple(() =>
        {
            Assert.That(fit!.Alpha, Is.EqualTo(alpha).Within(1e-9));
            Assert.That(fit.Beta, Is.EqualTo(beta).Within(1e-9));
            Assert.That(fit.RSquared, Is.EqualTo(1).Within(1e-9));
            Assert.That(fit.Points, Is.EqualTo(9));
            Assert.That(fit.At(2), Is.EqualTo(Reward(2)).Within(1e-9));
            Assert.That(fit.At(0), Is.Zero);
        });
    }

    [Test]
    public void A_fit_by_hand()
    {
        // Σd² = 30, Σd³ = 100, Σd⁴ = 354, Σdy = -9, Σd²y = -43: α = (-9·354 + 100·43) / 620, β = (30·43 - 100·9) / 620; the squares of
        // what is left add up to .1226, those around the mean of -.25 to 10.75.
        var (fit, _) = RewardFit.Of(RewardLaw.BestOfN, [(1, 1), (2, 1), (3, 0), (4, -3)]);
        Assert.That(fit!.Alpha, Is.EqualTo(1114 / 620.0).Within(1e-12));
        Assert.That(fit.Beta, Is.EqualTo(390 / 620.0).Within(1e-12));
        Assert.That(fit.RSquared, Is.EqualTo(0.9886).Within(5e-5));
    }

    [Test]
    public void Too_few_points_and_equal_distances_have_no_fit_and_a_reason()
    {
        Assert.That(RewardFit.Of(RewardLaw.BestOfN, [(0, 0), (1, 1), (2, 1), (3, double.NaN), (4, 2)]),
            Is.EqualTo(((RewardFit?)null, "no fit: 3 points away from d = 0, and 4 are needed")));
        Assert.That(RewardFit.Of(RewardLaw.PolicyGradient, [(2, 1), (2, 1.5), (2, 1), (2, 2)]),
            Is.EqualTo(((RewardFit?)null, "no fit: the distances are too much alike")));
    }

    [Test]
    public void Equal_rewards_have_no_fit_and_a_reason() =>
        Assert.That(RewardFit.Of(RewardLaw.BestOfN, [(1, 2), (2, 2), (3, 2), (4, 2)]),
            Is.EqualTo(((RewardFit?)null, "no fit: all rewards are equal")));

    [Test]
    public void A_run_without_a_gold_reward_at_its_start_is_not_drawn()
    {
        using var files = new TemporaryFiles();
        var root = Write(files, "a", 1);
        var log = new RunFolder(root).Metrics;
        var lines = File.ReadAllLines(log);
        lines[0] = lines[0].Replace("\"metric/gold-helpful\"", "\"metric/other\"");
        File.WriteAllLines(log, lines);
        Assert.That(RewardPath.OfGold([RunLog.Read(root)], "helpful").Seeds, Is.Empty);
        Assert.That(RunPlots.Draw(root, files.PathOf("one")), Has.None.Contains("over-optimization"));
    }

    /// <summary>A run whose gold reward follows d(2 - ln d) from 5 on, and its learnt one d.</summary>
    static string Write(TemporaryFiles files, string experiment, int seed, int evaluations = 8, string judge = "helpful")
    {
        var folder = RunFolder.Of(files.PathOf("runs"), experiment, seed);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllLines(folder.Metrics, Enumerable.Range(0, evaluations).Select(i =>
        {
            var d = i * (1 + (0.1 * seed));
            return new MetricLine
            {
                Phase = "adversarial", Step = 50 * i, Seconds = i, Values = new Dictionary<string, double>
                {
                    ["metric/reference-distance"] = d, ["metric/reference-kl"] = d * d, ["metric/gold-helpful-error"] = 0.1,
                    ["metric/gold-helpful"] = 5 + (d > 0 ? d * (2 - Math.Log(d)) : 0),
                    [$"discriminator/{judge}/heldOutScoreGenerated"] = 3 + d, [$"discriminator/real/heldOutScoreGenerated"] = -d,
                },
            }.ToJson();
        }));
        return folder.Root;
    }

    [Test]
    public void Rewards_begin_at_0_and_learnt_is_the_discriminator_of_the_gold_rewards_name()
    {
        using var files = new TemporaryFiles();
        RunLog[] runs = [RunLog.Read(Write(files, "a", 1)), RunLog.Read(Write(files, "a", 2))];
        Assert.That(RewardPath.GoldNames(runs), Is.EqualTo(new[] { "helpful" }));
        var learnt = RewardPath.OfLearnt(runs, "helpful");
        Assert.That(learnt.Seeds[0][2], Is.EqualTo(new RewardPoint(100, 2.2, 2.2)).Using<RewardPoint>(
            (one, other) => one.Step == other.Step
                && Math.Abs(one.Distance - other.Distance) + Math.Abs(one.Reward - other.Reward) < 1e-9));
        var gold = RewardPath.OfGold(runs, "helpful");
        Assert.That(gold.Seeds.Select(seed => seed[0]), Is.All.EqualTo(new RewardPoint(0, 0, 0)));
        Assert.That(gold.Mean[3].Distance, Is.EqualTo(3.45).Within(1e-9)); // of 3.3 and 3.6
        // d(2 - ln d) is largest at d = e; the mean of both seeds at iteration 100 (d = 2.2 and 2.4), the next one at 150.
        double At(double d) => d * (2 - Math.Log(d));
        Assert.That(gold.Peak!.Step, Is.EqualTo((At(2.2) + At(2.4)) > (At(3.3) + At(3.6)) ? 100 : 150));
        var fit = gold.Fit(RewardLaw.PolicyGradient).Fit!;
        Assert.That((fit.Alpha, fit.Beta, fit.Points), Is.EqualTo((2.0, 1.0, 14)).Using<(double, double, int)>(
            (one, other) => Math.Abs(one.Item1 - other.Item1) + Math.Abs(one.Item2 - other.Item2) < 1e-9 && one.Item3 == other.Item3));
    }

    [Test]
    public void Figures_and_table_have_fits_and_peak()
    {
        using var files = new TemporaryFiles();
        string[] runs = [Write(files, "a", 1), Write(files, "a", 2), Write(files, "b", 1, evaluations: 3)];
        string Words(string svg) => string.Concat(XDocument.Load(svg).Descendants().Where(e => e.Name.LocalName == "text")
            .Select(e => e.Value + "\n"));
        Assert.That(Words(RunPlots.Draw(runs[0], files.PathOf("one")).Single(f => f.EndsWith("over-optimization-helpful.svg"))),
            Does.Contain("α = 2, β = 1, R² = 1").And.Contain("peak 2.").And.Contain("iteration 100").And.Contain("best-of-n, d(α"));
        var both = ComparisonPlots.Draw(runs, files.PathOf("both"), "both");
        Assert.That(Words(both.Single(f => f.EndsWith("comparison-over-optimization-helpful.svg"))),
            Does.Contain("a: policy gradient").And.Contain("b: policy gradient: no fit: 2 points away from d = 0, and 4 are needed"));
        var table = File.ReadAllLines(both.Single(f => f.EndsWith("over-optimization.csv")));
        Assert.That(table, Has.Length.EqualTo(5));
        Assert.That(table[0], Is.EqualTo("experiment,seeds,gold,law,alpha,beta,r2,points,peakDistance,peakIteration,peakGold,missing"));
        Assert.That(table[1], Does.Match(@"^a,2,helpful,policy gradient,(2|2\.0\d*|1\.9\d*),(1|1\.0\d*|0\.9\d*),.*,14,2\.3"));
        Assert.That(table[3],
            Does.Match(@"^b,1,helpful,policy gradient,,,,,2\.2,100,.*,""no fit: 2 points away from d = 0, and 4 are needed""$"));
    }

    [Test]
    public void Without_a_discriminator_of_the_name_the_picture_says_so_and_without_a_distance_there_is_none()
    {
        using var files = new TemporaryFiles();
        var drawn = RunPlots.Draw(Write(files, "a", 1, judge: "other"), files.PathOf("one"));
        Assert.That(File.ReadAllText(drawn.Single(f => f.EndsWith("over-optimization-helpful.svg"))),
            Does.Contain("no discriminator is called"));
        Assert.That(RunPlots.Draw(new FakeRun("a", 3).Write(files.PathOf("runs")), files.PathOf("none")),
            Has.None.Contains("over-optimization"));
    }
}
