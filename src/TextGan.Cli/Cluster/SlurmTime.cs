using System.Globalization;
using System.Text.RegularExpressions;

namespace TextGan.Cli.Cluster;

/// <summary>Time limits in Slurm's notation.</summary>
public static partial class SlurmTime
{
    public const string Formats =
        "MINUTES, MINUTES:SECONDS, HOURS:MINUTES:SECONDS, DAYS-HOURS, DAYS-HOURS:MINUTES, DAYS-HOURS:MINUTES:SECONDS";

    /// <summary>The time that a text means; null for a text in none of the <see cref="Formats"/>.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match) return null;
        long[] parts = [.. match.Groups["part"].Captures.Select(part => long.Parse(part.Value, CultureInfo.InvariantCulture))];
        var isWithDays = match.Groups["days"].Success;
        // Without days a single number is minutes and two are minutes and seconds.
        var (hours, minutes, seconds) = (isWithDays, parts.Length) switch
        {
            (true, _) => (parts[0], parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2)),
            (false, 3) => (parts[0], parts[1], parts[2]),
            _ => (0, parts[0], parts.ElementAtOrDefault(1)),
        };
        var days = isWithDays ? long.Parse(match.Groups["days"].Value, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromSeconds(((days * 24 + hours) * 60 + minutes) * 60 + seconds);
    }

    [GeneratedRegex(@"\A((?<days>[0-9]{1,6})-)?(?<part>[0-9]{1,8})(:(?<part>[0-9]{1,8})){0,2}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
