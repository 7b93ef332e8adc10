namespace TextGan.Metrics.Exact;

/// <summary>Sums over all texts, of distributions that are given as logarithms [N]; a probability of 0 is negative infinity.</summary>
public static class Distributions
{
    /// <summary>KL(a ‖ b) = Σ a ln(a/b) in nats; infinite where a has a text that b has not.</summary>
    public static double Kl(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        Mean(a, i => a[i] - b[i]);

    /// <summary>½ Σ |a - b|: what the best test of a text tells a from b by.</summary>
    public static double TotalVariation(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        Enumerable.Range(0, a.Count).Sum(i => Math.Abs(Math.Exp(a[i]) - Math.Exp(b[i]))) / 2;

    /// <summary>Σ a f over the texts that a has.</summary>
    public static double Mean(IReadOnlyList<double> a, Func<int, double> f)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Count; i++)
            if (!double.IsNegativeInfinity(a[i])) sum += Math.Exp(a[i]) * f(i);
        return sum;
    }

    /// <summary>ln e^x / Σ e^x of each.</summary>
    public static double[] Normalized(IReadOnlyList<double> x)
    {
        var most = x.Max();
        var total = most + Math.Log(x.Sum(one => Math.Exp(one - most)));
        return [.. x.Select(one => one - total)];
    }

    /// <summary>The distribution over those texts alone that another one has.</summary>
    public static double[] Within(IReadOnlyList<double> a, IReadOnlyList<double> support) =>
        Normalized([.. a.Select((one, i) => double.IsNegativeInfinity(support[i]) ? double.NegativeInfinity : one)]);

    /// <summary>The standard deviation of f under a, and its mean.</summary>
    public static (double Mean, double Deviation) Spread(IReadOnlyList<double> a, Func<int, double> f)
    {
        var mean = Mean(a, f);
        return (mean, Math.Sqrt(Mean(a, i => (f(i) - mean) * (f(i) - mean))));
    }

    /// <summary>
    /// The power s for which q e^{s f} / Z, ln q given, has the least cross-entropy under p, and that distribution. The derivative, the
    /// mean of f under q e^{s f} / Z minus that under p, rises with s, so it is found by bisection. The power is bounded by ±1024.
    /// </summary>
    public static (double Power, double[] Reweighted) BestPower(IReadOnlyList<double> p, IReadOnlyList<double> q, IReadOnlyList<double> f)
    {
        var wanted = Mean(p, i => f[i]);
        double[] At(double power) => Normalized([.. q.Select((one, i) => one + power * f[i])]);
        double Slope(double power) => At(power) is var tilted ? Mean(tilted, i => f[i]) - wanted : 0;
        var start = Slope(0);
        if (Math.Abs(start) < 1e-12) return (0, At(0));
        var (near, far) = (0.0, start < 0 ? 1.0 : -1.0);
        while (Math.Abs(far) < 1024 && Slope(far) * start > 0) (near, far) = (far, 2 * far);
        for (var i = 0; i < 50; i++)
        {
            var middle = (near + far) / 2;
            if (Slope(middle) * start > 0) near = middle;
            else far = middle;
        }
        return (far, At(far));
    }
}
