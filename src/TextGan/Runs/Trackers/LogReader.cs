using System.Text;
using TextGan.Runs.Format;

namespace TextGan.Runs.Trackers;

/// <summary>Reads a log on from where it was read before, while the run writes it.</summary>
sealed class LogReader(RunFolder folder)
{
    const int Chunk = 1 << 22;

    long position;
    byte[] held = [];

    /// <summary>When the log to which these lines belong began, in milliseconds since 1970: its last line is taken to be of now.</summary>
    public static long BeginOf(IReadOnlyList<TrackedLine> lines)
    {
        var file = lines[0].Folder.Metrics;
        var last = File.Exists(file) ? MetricLine.LinesIn(file).LastOrDefault(line => line.IsWhole).Text : null;
        var seconds = (last is null ? lines[^1].Line : MetricLine.Parse(last)).Seconds;
        return DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)(seconds * 1000);
    }

    /// <summary>The next lines up to a position, which is the end of one; none where all are read.</summary>
    public IReadOnlyList<TrackedLine> Next(long end)
    {
        var lines = new List<TrackedLine>();
        if (position >= end) return lines;
        using var file = new FileStream(folder.Metrics, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = position;
        while (lines.Count == 0 && position < end)
        {
            var piece = new byte[Math.Min(Chunk, end - position)];
            file.ReadExactly(piece);
            position += piece.Length;
            byte[] all = [.. held, .. piece];
            var whole = all.AsSpan().LastIndexOf((byte)'\n') + 1;
            held = all[whole..];
            foreach (var line in Encoding.UTF8.GetString(all, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                lines.Add(new(MetricLine.Parse(line), folder));
        }
        return lines;
    }
}
