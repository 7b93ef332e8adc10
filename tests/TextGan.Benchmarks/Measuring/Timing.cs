using System.Globalization;

namespace TextGan.Benchmarks.Measuring;

/// <summary>Seconds that repeated runs of one path took.</summary>
sealed record Timing(string Name, double Median, double Minimum, double Maximum)
{
    public static Timing Of(string name, IReadOnlyCollection<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        var middle = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return new Timing(name, middle, sorted[0], sorted[^1]);
    }

    /// <summary>Name, median, minimum and maximum with tabs between them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}\t{Median:F4}\t{Minimum:F4}\t{Maximum:F4}");

    /// <summary>Reads a line as <see cref="ToString"/> writes it; null for any other line.</summary>
    public static Timing? Parse(string line)
    {
        var parts = line.Split('\t');
        if (parts.Length != 4) return null;
        var numbers = new double[3];
        for (var i = 0; i < 3; i++)
            if (!double.TryParse(parts[i + 1], CultureInfo.InvariantCulture, out numbers[i])) return null;
        return new Timing(parts[0], numbers[0], numbers[1], numbers[2]);
    }
}
