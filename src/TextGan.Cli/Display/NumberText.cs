using System.Globalization;

namespace TextGan.Cli.Display;

/// <summary>Numbers and times as people read them: three or four digits that matter, no more.</summary>
public static class NumberText
{
    /// <summary>About three decimals for small numbers, fewer for large ones: 0.512, 12.34, 123.4, 12,345, 1.2e-05.</summary>
    public static string Of(double value)
    {
        var size = Math.Abs(value);
        var format = size switch
        {
            _ when !double.IsFinite(value) => "",
            0 => "0",
            >= 1e9 or < 0.001 => "0.0e+00",
            >= 999.95 => "#,0",
            >= 99.995 => "0.0",
            >= 9.9995 => "0.00",
            _ => "0.000",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Whole number with separators: 12,345.</summary>
    public static string Whole(double value) => double.IsFinite(value) ? value.ToString("#,0", CultureInfo.InvariantCulture) : Of(value);

    /// <summary>A share as whole per cent: 45%.</summary>
    public static string Percent(double share) => double.IsFinite(share) ? (share * 100).ToString("0", CultureInfo.InvariantCulture) + "%"
        : Of(share);

    /// <summary>0:42, 12:34, 1:02:03, 2d 03:04:05.</summary>
    public static string Time(TimeSpan time)
    {
        var whole = TimeSpan.FromSeconds(Math.Floor(Math.Max(0, time.TotalSeconds)));
        return whole.ToString(whole switch
        {
            { Days: > 0 } => @"d\d\ hh\:mm\:ss",
            { Hours: > 0 } => @"h\:mm\:ss",
            _ => @"m\:ss",
        }, CultureInfo.InvariantCulture);
    }

    /// <summary>1.5 GB, 12 MB (powers of 1024).</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        _ => (bytes / (1 << 20)).ToString("0", CultureInfo.InvariantCulture) + " MB",
    };
}
