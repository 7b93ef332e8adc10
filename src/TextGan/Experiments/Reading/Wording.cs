using System.Globalization;
using System.Text.Json;

namespace TextGan.Experiments.Reading;

/// <summary>The words that messages, the schema and the catalogue have in common.</summary>
public static class Wording
{
    public static string Clip(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "...");
    }

    public static string Quote(string text) => $"\"{Clip(text)}\"";

    /// <summary>'a', 'b' and 'c', or "none".</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] quoted = [.. names.Select(name => $"'{Clip(name)}'")];
        return quoted.Length switch
        {
            0 => "none",
            1 => quoted[0],
            _ => string.Join(", ", quoted[..^1]) + " and " + quoted[^1],
        };
    }

    /// <summary>The JSON value, in words.</summary>
    public static string Found(JsonTree tree) => tree.Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text {Quote(tree.Text)}",
        JsonValueKind.Number => $"the number {Clip(tree.Text)}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    public static string Article(string noun) => ("aeiou".Contains(noun[0]) ? "an " : "a ") + noun;

    /// <summary>"from 1 to 10", "at least 1", "above 0", or nothing where all numbers are allowed.</summary>
    public static string Range(RangeAttribute? range)
    {
        if (range is null) return "";
        var (minimum, maximum) = Bounds(range);
        var hasMinimum = minimum > int.MinValue;
        var hasMaximum = maximum < int.MaxValue;
        return (hasMinimum, hasMaximum) switch
        {
            (true, true) when !range.MinimumIsExclusive && !range.MaximumIsExclusive => $"from {Number(minimum)} to {Number(maximum)}",
            (true, true) => $"{Low()} and {High()}",
            (true, false) => Low(),
            (false, true) => High(),
            _ => "",
        };

        string Low() => (range.MinimumIsExclusive ? "above " : "at least ") + Number(minimum);
        string High() => (range.MaximumIsExclusive ? "below " : "at most ") + Number(maximum);
    }

    public static (double Minimum, double Maximum) Bounds(RangeAttribute range) =>
        (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));

    public static bool IsWithin(RangeAttribute range, double value)
    {
        var (minimum, maximum) = Bounds(range);
        return (range.MinimumIsExclusive ? value > minimum : value >= minimum)
            && (range.MaximumIsExclusive ? value < maximum : value <= maximum);
    }

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
