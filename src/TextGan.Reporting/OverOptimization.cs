using System.Globalization;
using System.Text;

namespace TextGan.Reporting;

/// <summary>What is drawn together: runs of one experiment.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Runs">Its seeds.</param>
/// <param name="Look">Its look beside others.</param>
public sealed record RewardGroup(string Name, IReadOnlyList<RunLog> Runs, LineLook Look);

/// <summary>
/// Learnt and gold rewards against the distance from the reference, 0 at its beginning, with the fits of Gao, Schulman and Hilton
/// (2210.10760) and the peak: one figure and some rows of a table for each gold reward.
/// </summary>
public static class OverOptimization
{
    static readonly RewardLaw[] Laws = [RewardLaw.PolicyGradient, RewardLaw.BestOfN];

    /// <summary>The figures; none where no run has logged a gold reward beside a distance.</summary>
    /// <param name="groups">The experiments.</param>
    /// <param name="name">What figures are called before the gold reward's name.</param>
    /// <param name="title">What runs they are of.</param>
    public static IEnumerable<Figure> Figures(IReadOnlyList<RewardGroup> groups, string name, string title)
    {
        foreach (var gold in RewardPath.GoldNames(groups.SelectMany(group => group.Runs)))
        {
            RewardGroup[] having = [.. groups.Where(group => RewardPath.OfGold(group.Runs, gold).Seeds.Count > 0)];
            if (having.Length > 0) yield return Of(having, gold, $"{name}-{gold}", title);
        }
    }

    static Figure Of(RewardGroup[] having, string gold, string name, string title)
    {
        var learntPanel = new DistancePanel { Title = "Learnt: score of the discriminator, above its start", Unit = "mean logit" };
        var goldPanel = new DistancePanel { Title = $"Gold: {gold}, above its start", Unit = "gold reward" };
        foreach (var group in having)
        {
            var path = RewardPath.OfGold(group.Runs, gold);
            var look = having.Length > 1 ? group.Look : LineLook.Of(0);
            // Of several experiments each has one fit, in its colour.
            var fits = Laws.Take(having.Length > 1 ? 1 : 2).Select(law => (Law: law, Found: path.Fit(law))).ToArray();
            goldPanel.Add(path, look, [.. fits.Select(fit => fit.Found.Fit).OfType<RewardFit>()], marksPeak: true);
            learntPanel.Add(RewardPath.OfLearnt(group.Runs, gold), look, [], marksPeak: false);
            var start = having.Length > 1 ? Label.Elide(Label.Clean(group.Name), 26) + ": " : "";
            goldPanel.Lines.AddRange(fits.Select((one, k) => (start + TextOf(one.Law, one.Found, having.Length == 1),
                having.Length > 1 ? look.Color : DistancePanel.FitLook(k).Color)));
            if (having.Length > 1) learntPanel.Legend.Add(new(group.Name, look));
        }
        if (!learntPanel.HasPoints) learntPanel.Remarks = [$"no discriminator is called '{gold}'"];
        return new Figure(name, $"Learnt and gold reward against the distance from the reference: {title}",
            [new([learntPanel, goldPanel])])
        {
            Note = (having.Any(group => group.Runs.Count > 1) ? "Thin: seeds. Strong: mean over seeds at the same iteration. "
                : "One seed. ") + "Fits: Gao et al. 2022 (2210.10760), least squares over the points of all seeds.",
        };
    }

    static string TextOf(RewardLaw law, (RewardFit? Fit, string Reason) found, bool withFormula) => found.Fit is { } fit
        ? $"{law.Name}{(withFormula ? ", " + law.Formula : "")}: α = {NumberText.Significant(fit.Alpha)}, " +
            $"β = {NumberText.Significant(fit.Beta)}, " +
            $"R² = {NumberText.Significant(fit.RSquared)}"
        : $"{law.Name}: {found.Reason}";

    /// <summary>
    /// The fits as RFC 4180 with the header experiment,seeds,gold,law,alpha,beta,r2,points,peakDistance,peakIteration,peakGold,missing;
    /// null where there are none.
    /// </summary>
    public static string? ToCsv(IReadOnlyList<RewardGroup> groups)
    {
        var csv = new StringBuilder("experiment,seeds,gold,law,alpha,beta,r2,points,peakDistance,peakIteration,peakGold,missing\r\n");
        var empty = csv.Length;
        foreach (var gold in RewardPath.GoldNames(groups.SelectMany(group => group.Runs)))
            foreach (var group in groups)
            {
                var path = RewardPath.OfGold(group.Runs, gold);
                if (path.Peak is not { } peak) continue;
                foreach (var law in Laws)
                {
                    var (fit, reason) = path.Fit(law);
                    var names = $"{Label.CsvField(Label.Clean(group.Name))},{path.Seeds.Count},{Label.CsvField(Label.Clean(gold))}";
                    csv.Append(CultureInfo.InvariantCulture,
                        $"{names},{law.Name},{fit?.Alpha:R},{fit?.Beta:R},{fit?.RSquared:R},{fit?.Points},");
                    csv.Append(CultureInfo.InvariantCulture,
                        $"{peak.Distance:R},{peak.Step:R},{peak.Reward:R},{Label.CsvField(reason)}\r\n");
                }
            }
        return csv.Length == empty ? null : csv.ToString();
    }
}
