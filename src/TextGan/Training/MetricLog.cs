using System.Diagnostics;
using System.Text;

namespace TextGan.Training;

/// <summary>Appends lines to metrics.jsonl, each written whole and handed to the operating system at once.</summary>
public sealed class MetricLog : IDisposable
{
    readonly FileStream file;
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly List<MetricLine> lines = [];

    public MetricLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Seconds since the run began.</summary>
    public double Seconds => clock.Elapsed.TotalSeconds;

    /// <summary>What was written so far.</summary>
    public IReadOnlyList<MetricLine> Lines => lines;

    public void Write(string phase, long step, IReadOnlyDictionary<string, double> values) =>
        Write(new MetricLine { Phase = phase, Step = step, Seconds = Math.Round(Seconds, 3), Values = values });

    /// <summary>Writes a line as it stands (of a pretraining that is shared).</summary>
    public void Write(MetricLine line)
    {
        file.Write(Encoding.UTF8.GetBytes(line.ToJson() + "\n"));
        file.Flush();
        lines.Add(line);
    }

    public void Dispose() => file.Dispose();
}
