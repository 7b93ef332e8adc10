using System.Globalization;

namespace TextGan.Problems;

/// <summary>Numbers of things in sentences.</summary>
public static class Amount
{
    /// <summary>"1 text", "2,000 texts".</summary>
    /// <param name="number">How many.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What several are called; null means <paramref name="one"/> and an "s".</param>
    public static string Of(long number, string one, string? many = null) =>
        $"{number.ToString("N0", CultureInfo.InvariantCulture)} {(number == 1 ? one : many ?? one + "s")}";
}
