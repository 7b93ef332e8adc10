namespace TextGan.Learning.Objectives.Combiners;

/// <summary>Minima over the simplex {x: x_k ≥ 0, Σ x_k = 1}.</summary>
static class Simplex
{
    const int LargestIterations = 1000;
    const double Tolerance = 1e-13;

    /// <summary>
    /// The minimum of a convex function by Frank-Wolfe with pairwise steps (Lacoste-Julien and Jaggi, 1511.05932, algorithm 2), which
    /// converges faster than plain Frank-Wolfe where the minimum has several parts: what x has at the vertex of the largest slope goes to
    /// that of the smallest, as far as the function falls. With two vertices the first step is exact.
    /// </summary>
    /// <param name="count">K.</param>
    /// <param name="gradient">x [K] → the function's gradient [K].</param>
    public static double[] Minimum(int count, Func<double[], double[]> gradient)
    {
        var x = Enumerable.Repeat(1.0 / count, count).ToArray();
        var scale = 0.0; // the largest slope so far: at the minimum all may be 0
        for (var i = 0; i < LargestIterations; i++)
        {
            var slopes = gradient(x);
            scale = Math.Max(scale, slopes.Max(Math.Abs));
            var to = Array.IndexOf(slopes, slopes.Min());
            var from = Enumerable.Range(0, count).Where(k => x[k] > 0).MaxBy(k => slopes[k]);
            if (slopes[from] - slopes[to] <= Tolerance * scale) break;
            var step = Step(x, from, to, gradient);
            x[to] += step;
            x[from] = step == x[from] ? 0 : x[from] - step;
            if (step == 0) break; // below what a double can tell
        }
        return x;
    }

    /// <summary>How far to go from x_from to x_to, by bisection of the slope along that line.</summary>
    static double Step(double[] x, int from, int to, Func<double[], double[]> gradient)
    {
        if (Slope(x[from]) <= 0) return x[from];
        var (low, high) = (0.0, x[from]);
        for (var middle = high / 2; low < middle && middle < high; middle = (low + high) / 2)
            if (Slope(middle) <= 0) low = middle;
            else high = middle;
        return low;

        double Slope(double step)
        {
            var there = (double[])x.Clone();
            there[to] += step;
            there[from] -= step;
            var slopes = gradient(there);
            return slopes[to] - slopes[from];
        }
    }
}
