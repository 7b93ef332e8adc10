using System.Diagnostics;
using System.Text;
using TextGan.Runs.Events;
using TextGan.Runs.Format;

namespace TextGan.Runs.Recording;

/// <summary>Appends lines to metrics.jsonl, each written whole and handed to the operating system at once.</summary>
public sealed class MetricLog : IRunSink, IStateful, IDisposable
{
    readonly FileStream file;
    Stopwatch clock = Stopwatch.StartNew();
    TimeSpan processorAtStart = Environment.CpuUsage.TotalTime;
    double secondsBefore;
    double? processorSecondsBefore = 0;

    /// <summary>
    /// Starts a new log, or, with <paramref name="resume"/>, opens what an earlier process left: <see cref="Load"/> or <see cref="Clear"/>
    /// must follow.
    /// </summary>
    public MetricLog(string path, bool resume = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        file = new FileStream(path, resume ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Seconds since the run began; time between an interruption and its resumption does not count.</summary>
    public double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

    /// <summary>Seconds of processor time since the run began; null where a checkpoint of an older version does not say.</summary>
    double? ProcessorSeconds => processorSecondsBefore + (Environment.CpuUsage.TotalTime - processorAtStart).TotalSeconds;

    /// <summary>Writes the lines of steps, evaluations and guards.</summary>
    public void Receive(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Stepped { IsLogged: true } step:
                Write(Line(step.Phase, step.Step, step.Values));
                break;
            case RunEvent.Evaluated { Found: var found } evaluated:
                Write(Line(evaluated.Phase, evaluated.Step, Named(found.Values).Concat(found.Judgements).ToDictionary()) with
                {
                    Samples = found.Samples.Count > 0 ? Named(found.Samples).ToDictionary() : null,
                    Missing = found.Missing.Count > 0 ? Named(found.Missing).ToDictionary() : null,
                });
                break;
            case RunEvent.Guarded guarded:
                Write(Line(guarded.Phase, guarded.Step, guarded.Values) with { Event = guarded.Event });
                break;
        }
    }

    MetricLine Line(Phase phase, long step, IReadOnlyDictionary<string, double> values) =>
        new()
        {
            Phase = phase.NameOf(), Step = step, Seconds = Math.Round(Seconds, 3),
            ProcessorSeconds = ProcessorSeconds is { } used ? Math.Round(used, 3) : null, Values = values,
        };

    static IEnumerable<KeyValuePair<string, T>> Named<T>(IReadOnlyDictionary<string, T> metrics) =>
        metrics.Select(pair => KeyValuePair.Create($"metric/{pair.Key}", pair.Value));

    /// <summary>Writes a line as it stands (of a pretraining that is shared).</summary>
    public void Write(MetricLine line)
    {
        var end = file.Position;
        try
        {
            file.Write(Encoding.UTF8.GetBytes(line.ToJson() + "\n"));
        }
        catch (IOException)
        {
            file.SetLength(end); // a full disk may have taken half of it
            throw;
        }
    }

    /// <summary>Brings the log to the disk and notes its length, which is what the checkpoint has seen of it.</summary>
    public void Save(StateBag bag)
    {
        file.Flush(flushToDisk: true);
        bag.Put("bytes", file.Position);
        bag.Put("seconds", Seconds);
        if (ProcessorSeconds is { } used) bag.Put("processorSeconds", used);
    }

    /// <summary>
    /// Takes away what was written after the checkpoint, half-written lines included. Throws <see cref="InvalidDataException"/>
    /// where the log has less than the checkpoint saw.
    /// </summary>
    public void Load(StateBag bag)
    {
        var bytes = bag.GetLong("bytes");
        if (bytes < 0 || bytes > file.Length)
            throw new InvalidDataException($"metrics.jsonl has {Amount.Of(file.Length, "byte")}, and the checkpoint saw {bytes}");
        if (bytes > 0)
        {
            file.Position = bytes - 1;
            if (file.ReadByte() != '\n')
                throw new InvalidDataException($"metrics.jsonl has no line that ends at byte {bytes}, as the checkpoint saw it");
        }
        CutTo(bytes, bag.GetDouble("seconds"), bag.Has("processorSeconds") ? bag.GetDouble("processorSeconds") : null);
    }

    /// <summary>Takes everything away.</summary>
    public void Clear() => CutTo(0, 0, 0);

    void CutTo(long bytes, double seconds, double? processorSeconds)
    {
        file.SetLength(bytes);
        file.Position = bytes;
        (secondsBefore, clock) = (seconds, Stopwatch.StartNew());
        (processorSecondsBefore, processorAtStart) = (processorSeconds, Environment.CpuUsage.TotalTime);
    }

    /// <summary>The lines of a log, one by one; a last line without an end, cut off while it was written, is left out.</summary>
    public static IEnumerable<string> ReadLines(string path) =>
        MetricLine.LinesIn(path).Where(line => line.IsWhole).Select(line => line.Text);

    public void Dispose() => file.Dispose();
}
