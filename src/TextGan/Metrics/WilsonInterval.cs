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

    /// <summary>
    /// The 95% interval of the difference between two shares of independent observations, <paramref name="first"/> minus
    /// <paramref name="second"/>, from the interval of each (Newcombe, Statistics in Medicine 17 (1998) 873, method 10); NaN if there are
    /// no observations of one of them.
    /// </summary>
    public static (double Low, double High) OfDifference(double first, double firstCount, double second, double secondCount)
    {
        var ((low, high), (secondLow, secondHigh)) = (Of(first, firstCount), Of(second, secondCount));
        var difference = first - second;
        return (difference - double.Hypot(first - low, secondHigh - second), difference + double.Hypot(high - first, second - secondLow));
    }
}
