namespace TextGan.Metrics;

/// <summary>
/// The score interval of a share (Wilson 1927; Brown, Cai and DasGupta 2001, equation 4), which unlike p ± z·√(p(1-p)/n) stays within 0
/// and 1 and is right for few observations.
/// </summary>
public static class WilsonInterval
{
    /// <summary>The 97.5% point of the standard normal distribution.</summary>
    const double Z = 1.959963984540054;

    /// <summary>The 95% interval of a share of <paramref name="count"/> observations; NaN of none.</summary>
    public static (double Low, double High) Of(double share, double count)
    {
        var spread = Z * Z / count;
        var middle = share + (spread / 2);
        var half = Z * Math.Sqrt((share * (1 - share) / count) + (spread / (4 * count)));
        return (Math.Max(0, (middle - half) / (1 + spread)), Math.Min(1, (middle + half) / (1 + spread)));
    }
}
