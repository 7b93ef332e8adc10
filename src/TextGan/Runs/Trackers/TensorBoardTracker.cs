using TextGan.Safety;

namespace TextGan.Runs.Trackers;

/// <summary>
/// Writes the log as event files, one for each phase. Whoever begins writes the whole log anew and deletes the files of earlier processes;
/// a TensorBoard that has read these is told to forget them. So files and log agree, whatever happened between the two.
/// </summary>
/// <param name="folder">Where the phases' folders are.</param>
/// <param name="texts">The most texts of an evaluation.</param>
sealed class TensorBoardTracker(string folder, int texts) : Tracker
{
    readonly Dictionary<string, (EventFile File, long Step)> phases = [];
    double? begin; // of the log, in seconds since 1970

    public override void Write(IReadOnlyList<TrackedLine> lines)
    {
        begin ??= LogReader.BeginOf(lines) / 1000.0;
        foreach (var tracked in lines)
        {
            var line = tracked.Line;
            var time = begin.Value + line.Seconds;
            if (!phases.TryGetValue(line.Phase, out var phase)) phase = (Open(line.Phase, time), line.Step);
            // A guard rolled training back: what follows replaces the lines since.
            else if (line.Step < phase.Step) phase.File.Restart(time, line.Step);
            phases[line.Phase] = (phase.File, line.Step);
            if (line.Values.Count > 0) phase.File.Scalars(time, line.Step, line.Values);
            Samples(phase.File, time, tracked);
        }
        foreach (var (file, _) in phases.Values) file.Flush();
    }

    void Samples(EventFile file, double time, TrackedLine tracked)
    {
        if (tracked.Samples() is not { Count: > 0 } samples) return;
        var step = tracked.Line.Step;
        // The reader takes texts for Markdown; four blanks make code of it, which it shows as it is.
        if (texts > 0) file.Texts(time, step, "samples", [.. samples.Take(texts).Select(sample => "    " + (sample.Prompt is { } prompt
            ? $"{SafeText.Line(prompt)} → " : "") + SafeText.Line(sample.Text))]);
        file.Histogram(time, step, "samples/tokens", [.. samples.Select(sample => (double)sample.Tokens)]);
        foreach (var judge in samples.SelectMany(sample => sample.Scores.Keys).Distinct())
        {
            double[] scores = [.. samples.Select(sample => sample.Scores.GetValueOrDefault(judge, double.NaN)).Where(double.IsFinite)];
            if (scores.Length > 0) file.Histogram(time, step, $"samples/score/{judge}", scores);
        }
    }

    EventFile Open(string phase, double time)
    {
        var place = Path.Combine(folder, phase);
        Directory.CreateDirectory(place);
        var earlier = Directory.GetFiles(place, "events.out.tfevents.*");
        // Readers take files in the order of their names.
        var number = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        string Name() => Path.Combine(place, $"events.out.tfevents.{number}.textgan");
        while (earlier.Any(file => string.CompareOrdinal(file, Name()) >= 0)) number++;
        var opened = new EventFile(Name(), time);
        opened.Restart(time, 0);
        foreach (var file in earlier) File.Delete(file);
        return opened;
    }

    public override void Dispose()
    {
        foreach (var (file, _) in phases.Values) file.Dispose();
        base.Dispose();
    }
}
