namespace TextGan.Reporting;

/// <summary>
/// How a gold reward depends on the distance d, according to Gao, Schulman and Hilton (2210.10760, section 3.1): α d - β bend(d).
/// </summary>
/// <param name="Name">What it was found for.</param>
/// <param name="Formula">In words of the picture.</param>
/// <param name="Bend">What β multiplies.</param>
public sealed record RewardLaw(string Name, string Formula, Func<double, double> Bend)
{
    /// <summary>d(α - β d).</summary>
    public static RewardLaw BestOfN { get; } = new("best-of-n", "d(α − βd)", d => d * d);

    /// <summary>d(α - β ln d).</summary>
    public static RewardLaw PolicyGradient { get; } = new("policy gradient", "d(α − β ln d)", d => d > 0 ? d * Math.Log(d) : 0);
}
