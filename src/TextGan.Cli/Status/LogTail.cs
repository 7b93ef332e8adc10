using System.Text;
using System.Text.Json;

namespace TextGan.Cli.Status;

/// <summary>How far a log is, from its last lines alone: a log may be long, and there may be many.</summary>
/// <param name="Phase">The phase of the last line.</param>
/// <param name="Step">Its step.</param>
/// <param name="SecondsPerStep">The pace of the last lines; null if that is not known.</param>
public sealed record LogTail(Phase Phase, long Step, double? SecondsPerStep)
{
    const int Bytes = 1 << 16;

    /// <summary>Null where there is no readable line.</summary>
    public static LogTail? Read(string path)
    {
        MetricLine[] lines = [.. LinesOf(path).Select(Parse).OfType<MetricLine>()];
        if (lines is not [.., var last] || PhaseNames.Parse(last.Phase) is not { } phase) return null;
        // Back to where a phase began or training was rolled back.
        var first = last;
        foreach (var line in lines.Reverse().TakeWhile(line => line.Phase == last.Phase && line.Step <= first.Step)) first = line;
        return new(phase, last.Step, last.Step > first.Step ? (last.Seconds - first.Seconds) / (last.Step - first.Step) : null);
    }

    public TimeSpan? TimeFor(long steps) => SecondsPerStep * steps is >= 0 and < 1e9 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    static string[] LinesOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, Bytes), SeekOrigin.End);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd().Split('\n'); // the first and the last may be parts of lines
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static MetricLine? Parse(string line)
    {
        try
        {
            return MetricLine.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
