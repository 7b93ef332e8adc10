namespace TextGan.Tests.Generators.Sampling;

/// <summary>Pearson's test of counts against probabilities.</summary>
static class ChiSquare
{
    /// <summary>
    /// Fails where the counts are less likely than about 1 in 10,000 under the probabilities. Cells that expect fewer than 5 are joined;
    /// one of probability 0 must be empty. The limit is Wilson and Hilferty's (1931): χ²/k is near a cube of a normal variable.
    /// </summary>
    public static void AssertFits(IReadOnlyList<long> counts, IReadOnlyList<double> probabilities, string what)
    {
        var total = (double)counts.Sum();
        var (statistic, cells, rareCount, rareExpected) = (0.0, 0, 0.0, 0.0);
        for (var i = 0; i < counts.Count; i++)
        {
            if (probabilities[i] == 0) Assert.That(counts[i], Is.Zero, $"{what}: cell {i} has probability 0");
            else if (total * probabilities[i] < 5) (rareCount, rareExpected) =
                (rareCount + counts[i], rareExpected + total * probabilities[i]);
            else (statistic, cells) = (statistic + Square(counts[i], total * probabilities[i]), cells + 1);
        }
        if (rareExpected >= 5) (statistic, cells) = (statistic + Square(rareCount, rareExpected), cells + 1);
        Assert.That(cells, Is.GreaterThan(1), $"{what}: nothing to compare");
        var degrees = cells - 1.0;
        var limit = degrees * Math.Pow(1 - 2 / (9 * degrees) + 3.72 * Math.Sqrt(2 / (9 * degrees)), 3); // 3.72: the normal's 0.01% point
        Assert.That(statistic, Is.LessThan(limit), $"{what}: χ² with {degrees} degrees of freedom");
    }

    static double Square(double count, double expected) => (count - expected) * (count - expected) / expected;
}
