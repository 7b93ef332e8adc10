namespace TextGan.Benchmarks.Discriminators;

/// <summary>What a step costs against 1 … K discriminators, in seconds.</summary>
/// <param name="Name">Of the estimator.</param>
/// <param name="Fastest">Of each number of discriminators the fastest run: what else a machine does only adds time.</param>
/// <param name="Medians">The medians.</param>
/// <param name="Own">One discriminator by itself, the fastest run.</param>
sealed record CostLine(string Name, IReadOnlyList<double> Fastest, IReadOnlyList<double> Medians, double Own)
{
    /// <summary>Seconds that a further discriminator costs: the least-squares line through the fastest runs.</summary>
    public double Slope
    {
        get
        {
            var (x, y) = ((Fastest.Count + 1) / 2.0, Fastest.Average());
            return Fastest.Select((seconds, i) => (i + 1 - x) * (seconds - y)).Sum() / Enumerable.Range(1, Fastest.Count)
                .Sum(k => (k - x) * (k - x));
        }
    }

    /// <summary>What the line says of no discriminator at all.</summary>
    public double Base => Fastest.Average() - Slope * (Fastest.Count + 1) / 2;

    public double SlopeToOwn => Slope / Own;

    /// <summary>Measures: the numbers of discriminators take turns, so that a disturbance meets all.</summary>
    public static CostLine Measure(string name, bool isRelaxed, int most, int rounds)
    {
        using var cost = new AdversarialCost(most, isRelaxed);
        var steps = Enumerable.Range(1, most).Select(_ => new List<double>()).ToArray();
        List<double> own = [];
        for (var round = -1; round < rounds; round++) // the first warms up
            for (var k = 0; k <= most; k++)
            {
                var seconds = k == 0 ? cost.Own() : cost.Step(k);
                if (round >= 0) (k == 0 ? own : steps[k - 1]).Add(seconds);
            }
        return new(name, [.. steps.Select(all => all.Min())], [.. steps.Select(all => all.Order().ElementAt(all.Count / 2))], own.Min());
    }
}
