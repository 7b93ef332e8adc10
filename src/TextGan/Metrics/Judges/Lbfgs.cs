namespace TextGan.Metrics.Judges;

/// <summary>
/// L-BFGS (Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4 and 3.1) for functions that are smooth and strictly convex,
/// in double precision and in one fixed order, so that the same input gives the same bits.
/// </summary>
public static class Lbfgs
{
    const int Memory = 10;
    const double SufficientDecrease = 1e-4;

    /// <summary>
    /// The point at which no entry of the gradient is beyond <paramref name="tolerance"/>, or at which rounding leaves no further descent.
    /// </summary>
    /// <param name="function">Takes a point, writes the gradient, returns the value.</param>
    /// <param name="start">Where to begin; not changed.</param>
    /// <param name="tolerance">The largest entry of the gradient at the end.</param>
    /// <param name="iterations">The most steps.</param>
    public static double[] Minimize(Func<double[], double[], double> function, double[] start, double tolerance, int iterations = 1000)
    {
        var (point, gradient) = ((double[])start.Clone(), new double[start.Length]);
        var value = function(point, gradient);
        var pairs = new List<(double[] Step, double[] Change)>();
        for (var i = 0; i < iterations && gradient.Max(Math.Abs) > tolerance; i++)
        {
            var direction = Direction(gradient, pairs);
            var slope = Dot(gradient, direction);
            // The first direction is the gradient itself, whose length says nothing about the distance to go.
            var size = pairs.Count > 0 ? 1 : 1 / Math.Max(1, Math.Sqrt(Dot(gradient, gradient)));
            var (next, nextGradient) = (new double[point.Length], new double[point.Length]);
            double nextValue;
            while (true)
            {
                for (var k = 0; k < point.Length; k++) next[k] = point[k] + (size * direction[k]);
                nextValue = function(next, nextGradient);
                if (nextValue <= value + (SufficientDecrease * size * slope)) break;
                size /= 2;
                if (size < 1e-12) return point;
            }
            var pair = (Step: Difference(next, point), Change: Difference(nextGradient, gradient));
            if (Dot(pair.Step, pair.Change) > 0) pairs.Add(pair);
            if (pairs.Count > Memory) pairs.RemoveAt(0);
            (point, gradient, value) = (next, nextGradient, nextValue);
        }
        return point;
    }

    /// <summary>Minus the inverse Hessian, as the last steps show it, times the gradient: the two loops of algorithm 7.4.</summary>
    static double[] Direction(double[] gradient, List<(double[] Step, double[] Change)> pairs)
    {
        double[] direction = [.. gradient.Select(entry => -entry)];
        var shares = new double[pairs.Count];
        for (var i = pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = Dot(pairs[i].Step, direction) / Dot(pairs[i].Step, pairs[i].Change);
            Add(direction, -shares[i], pairs[i].Change);
        }
        if (pairs.Count > 0)
        {
            var (step, change) = pairs[^1];
            var scale = Dot(step, change) / Dot(change, change);
            for (var k = 0; k < direction.Length; k++) direction[k] *= scale;
        }
        for (var i = 0; i < pairs.Count; i++)
            Add(direction, shares[i] - (Dot(pairs[i].Change, direction) / Dot(pairs[i].Step, pairs[i].Change)), pairs[i].Step);
        return direction;
    }

    static void Add(double[] sum, double factor, double[] vector)
    {
        for (var k = 0; k < sum.Length; k++) sum[k] += factor * vector[k];
    }

    static double[] Difference(double[] a, double[] b) => [.. a.Select((entry, k) => entry - b[k])];

    static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}
