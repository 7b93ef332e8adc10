using System.Text;
using TextGan.Runs.Format;

namespace TextGan.Runs.Trackers;

/// <summary>Reads a log on from where it was read before, while the run writes it.</summary>
sealed class LogReader(RunFolder folder)
{
    const int Chunk = 1 << 22;

    long position;
    byte[] held = [];

    /// <summary>Lines given so far.</summary>
    public long Count { get; private set; }

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
        Count += lines.Count;
        return lines;
    }
}
