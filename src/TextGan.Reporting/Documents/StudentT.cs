namespace TextGan.Reporting.Documents;

/// <summary>Student's t distribution with a whole number of degrees of freedom.</summary>
public static class StudentT
{
    /// <summary>
    /// The t with P(|T| ≤ t) = <paramref name="coverage"/>: 4.303 for .95 and two degrees of freedom. For whole degrees of freedom the
    /// probability is a finite sum of powers of cos θ with θ = atan(t/√ν) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4), which rises
    /// with θ and is inverted by bisection.
    /// </summary>
    /// <param name="coverage">Above 0 and below 1.</param>
    /// <param name="degrees">Degrees of freedom ν, from 1.</param>
    public static double Quantile(double coverage, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(coverage);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(coverage, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        var (low, high) = (0.0, Math.PI / 2);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Coverage(middle, degrees) < coverage) low = middle;
            else high = middle;
        }
        return Math.Sqrt(degrees) * Math.Tan((low + high) / 2);
    }

    /// <summary>P(|T| ≤ √ν tan θ).</summary>
    static double Coverage(double angle, int degrees)
    {
        var (sine, cosine) = Math.SinCos(angle);
        var (term, sum) = degrees % 2 == 0 ? (1.0, 1.0) : degrees == 1 ? (0.0, 0.0) : (cosine, cosine);
        for (var k = degrees % 2 == 0 ? 2 : 3; k <= degrees - 2; k += 2)
        {
            term *= cosine * cosine * (k - 1) / k;
            sum += term;
        }
        return degrees % 2 == 0 ? sine * sum : 2 / Math.PI * (angle + sine * sum);
    }
}
