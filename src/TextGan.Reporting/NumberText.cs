using System.Globalization;

namespace TextGan.Reporting;

/// <summary>Short numbers for axes.</summary>
public static class NumberText
{
    /// <summary>At most about six characters: 0.25, 1500, 12.5k, 3M, 4E-5.</summary>
    public static string Brief(double value)
    {
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e9 => value.ToString("0.##E+0", CultureInfo.InvariantCulture),
            >= 1e6 => (value / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M",
            >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
            >= 1e-3 => value.ToString("0.#####", CultureInfo.InvariantCulture),
            _ => value.ToString("0.##E-0", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Three significant digits.</summary>
    public static string Significant(double value) =>
        Brief(value == 0 || !double.IsFinite(value) ? value
            : double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>
    /// Multiples of 1, 2 or 5 times a power of ten from 0 to <paramref name="end"/>, about <paramref name="count"/> of them, in whole
    /// numbers.
    /// </summary>
    public static IReadOnlyList<double> WholeTicks(double end, int count)
    {
        if (end <= 0)
            return [0];
        var step = Math.Max(1, RoundStep(end / Math.Max(1, count)));
        return [.. Enumerable.Range(0, (int)Math.Floor(end / step + 1e-9) + 1).Select(i => i * step)];
    }

    /// <summary>Multiples of a round step between two numbers, at most about <paramref name="count"/> of them.</summary>
    public static IReadOnlyList<double> Ticks(double from, double to, int count)
    {
        var step = RoundStep((to - from) / Math.Max(1, count));
        if (!(step > 0) || !double.IsFinite(step) || !double.IsFinite(from))
            return [];
        var first = Math.Ceiling(from / step - 1e-9);
        // Rounded to the step's digits, for 3 × 0.1 is not 0.3.
        var digits = Math.Clamp(1 - (int)Math.Floor(Math.Log10(step)), 0, 15);
        return [.. Enumerable.Range(0, (int)Math.Max(0, Math.Floor(to / step + 1e-9) - first + 1))
            .Select(i => Math.Round((first + i) * step, digits))];
    }

    /// <summary>The next 1, 2 or 5 times a power of ten.</summary>
    static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 };
    }
}
