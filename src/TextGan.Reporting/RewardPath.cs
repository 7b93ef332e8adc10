namespace TextGan.Reporting;

/// <summary>A reward along the distance from the reference, 0 at the first evaluation of the adversarial phase.</summary>
/// <param name="Seeds">Of each run its points, in the order of iterations.</param>
public sealed record RewardPath(IReadOnlyList<IReadOnlyList<RewardPoint>> Seeds)
{
    const string Gold = LogNames.Metric + "gold-", Error = "-error", Distance = LogNames.Metric + "reference-distance";

    /// <summary>The names of the gold rewards that runs have logged beside a distance.</summary>
    public static IReadOnlyList<string> GoldNames(IEnumerable<RunLog> runs) =>
    [
        .. runs.Where(run => run.Find(Phase.Adversarial, Distance) is not null).SelectMany(run => run.Names)
            .Where(name => name.StartsWith(Gold, StringComparison.Ordinal) && name.EndsWith(Error, StringComparison.Ordinal))
            .Select(name => name[Gold.Length..^Error.Length]).Distinct(),
    ];

    /// <summary>The gold reward of this name.</summary>
    public static RewardPath OfGold(IEnumerable<RunLog> runs, string gold) => Of(runs, _ => Gold + gold);

    /// <summary>The score of the samples by the discriminator of the gold reward's name, or by the only one that there is.</summary>
    public static RewardPath OfLearnt(IEnumerable<RunLog> runs, string gold) => Of(runs, run =>
    {
        var judges = LogNames.Components(run, LogNames.Discriminator);
        var judge = judges.Contains(gold) ? gold : judges.Count == 1 ? judges[0] : null;
        return judge is null ? null : $"{LogNames.Discriminator}{judge}/heldOutScoreGenerated";
    });

    static RewardPath Of(IEnumerable<RunLog> runs, Func<RunLog, string?> name)
    {
        var seeds = new List<IReadOnlyList<RewardPoint>>();
        foreach (var run in runs)
        {
            if (name(run) is not { } found || run.Find(Phase.Adversarial, found) is not { } rewards
                || run.Find(Phase.Adversarial, Distance) is not { } distances) continue;
            var at = rewards.Steps.Zip(rewards.Values).ToDictionary(pair => pair.First, pair => pair.Second);
            RewardPoint[] points = [.. distances.Steps.Zip(distances.Values)
                .Where(pair => at.TryGetValue(pair.First, out var reward) && double.IsFinite(reward) && double.IsFinite(pair.Second))
                .Select(pair => new RewardPoint(pair.First, pair.Second, at[pair.First]))];
            // Without the reward at the start nothing is known of the others above it.
            if (points.Length == 0 || points[0].Step != distances.Steps[0]) continue;
            seeds.Add([.. points.Select(point => point with { Reward = point.Reward - points[0].Reward })]);
        }
        return new RewardPath(seeds);
    }

    /// <summary>The mean distance and the mean reward of all seeds that have both, at each iteration.</summary>
    public IReadOnlyList<RewardPoint> Mean =>
    [
        .. Seeds.SelectMany(seed => seed).GroupBy(point => point.Step).OrderBy(step => step.Key)
            .Select(step => new RewardPoint(step.Key, step.Average(point => point.Distance), step.Average(point => point.Reward))),
    ];

    /// <summary>Where the mean reward is highest; null without points.</summary>
    public RewardPoint? Peak => Mean.MaxBy(point => point.Reward);

    /// <summary>The fit over the points of all seeds, or the reason why there is no fit.</summary>
    public (RewardFit? Fit, string Reason) Fit(RewardLaw law) =>
        RewardFit.Of(law, Seeds.SelectMany(seed => seed).Select(point => (point.Distance, point.Reward)));
}

/// <summary>A reward at one evaluation.</summary>
/// <param name="Step">Iterations that were done.</param>
/// <param name="Distance">d: the root of the KL from the reference.</param>
/// <param name="Reward">Above that of the first evaluation.</param>
public sealed record RewardPoint(double Step, double Distance, double Reward);
