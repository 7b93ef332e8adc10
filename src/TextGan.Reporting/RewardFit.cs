namespace TextGan.Reporting;

/// <summary>A reward as a function of the distance d, the root of the KL, with two coefficients that enter linearly.</summary>
/// <param name="Law">Which function.</param>
/// <param name="Alpha">α.</param>
/// <param name="Beta">β.</param>
/// <param name="RSquared">1 - Σ (y - fit)² / Σ (y - mean)²; 1 is a perfect fit.</param>
/// <param name="Points">The number of points.</param>
public sealed record RewardFit(RewardLaw Law, double Alpha, double Beta, double RSquared, int Points)
{
    /// <summary>Fewer points have no fit: with as many as coefficients it would always be perfect.</summary>
    public const int FewestPoints = 4;

    /// <summary>The fit's value at a distance.</summary>
    public double At(double distance) => (Alpha * distance) - (Beta * Law.Bend(distance));

    /// <summary>Least squares in closed form over the points with d > 0, or the reason why there is no fit.</summary>
    public static (RewardFit? Fit, string Reason) Of(RewardLaw law, IEnumerable<(double Distance, double Reward)> all)
    {
        var points = all.Where(point => point.Distance > 0 && double.IsFinite(point.Distance) && double.IsFinite(point.Reward)).ToArray();
        if (points.Length < FewestPoints)
            return (null, $"no fit: {points.Length} points away from d = 0, and {FewestPoints} are needed");
        var (uu, uv, vv, uy, vy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var (d, y) in points)
        {
            var (u, v) = (d, -law.Bend(d));
            (uu, uv, vv, uy, vy) = (uu + (u * u), uv + (u * v), vv + (v * v), uy + (u * y), vy + (v * y));
        }
        var determinant = (uu * vv) - (uv * uv);
        if (!(determinant > 1e-12 * uu * vv)) return (null, "no fit: the distances are too much alike");
        var mean = points.Average(point => point.Reward);
        var around = points.Sum(point => Square(point.Reward - mean));
        if (around == 0) return (null, "no fit: all rewards are equal");
        var fit = new RewardFit(law, ((uy * vv) - (vy * uv)) / determinant, ((uu * vy) - (uv * uy)) / determinant, 0, points.Length);
        return (fit with { RSquared = 1 - (points.Sum(point => Square(point.Reward - fit.At(point.Distance))) / around) }, "");
    }

    static double Square(double value) => value * value;
}
