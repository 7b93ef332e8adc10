using System.Text.Json;
using TextGan.Problems;

namespace TextGan.Reporting;

/// <summary>A run's metrics.jsonl as series by phase and name.</summary>
public sealed class RunLog
{
    /// <summary>The largest value that is drawn; an axis of much more overflows.</summary>
    public const double LargestDrawn = 1e100;

    readonly Dictionary<(Phase Phase, string Name), Growing> series = [];
    readonly Dictionary<Phase, double> lastSteps = [];
    readonly Dictionary<string, int> samples = [];
    readonly Dictionary<string, string> missing = [];
    readonly List<string> names = [];
    readonly HashSet<string> evaluated = [];
    readonly List<LogEvent> events = [];

    RunLog(string experiment, string seed) => (Experiment, Seed) = (experiment, seed);

    /// <summary>The experiment's name, from the run's folder.</summary>
    public string Experiment { get; }

    /// <summary>The seed, from the run's folder.</summary>
    public string Seed { get; }

    /// <summary>Every name that was logged, in the order of its first appearance.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Those of <see cref="Names"/> that evaluations logged, discriminators' held-out scores among them.</summary>
    public IReadOnlySet<string> EvaluationNames => evaluated;

    /// <summary>The seconds that the run had taken when it logged its last line.</summary>
    public double Seconds { get; private set; }

    /// <summary>
    /// The number of samples that a metric's last value rests on, by its full name; those that rest on none are left out.
    /// </summary>
    public IReadOnlyDictionary<string, int> Samples => samples;

    /// <summary>Why a metric's last value that is NaN is, by its full name.</summary>
    public IReadOnlyDictionary<string, string> Missing => missing;

    /// <summary>What guards found, in the order of the log; those of steps that were rolled back stay.</summary>
    public IReadOnlyList<LogEvent> Events => events;

    /// <summary>
    /// The share of unknown tokens in the training texts of each data set (of pairs the chosen ones), as the run found it; empty where that
    /// is not known.
    /// </summary>
    public IReadOnlyList<(string Set, double Share)> UnknownInData { get; private init; } = [];

    /// <summary>What a sweep has set in the run; empty if it belongs to none.</summary>
    public IReadOnlyList<SweptValue> Swept { get; private init; } = [];

    /// <summary>Published curves that its experiment names.</summary>
    public IReadOnlyList<PublishedCurve> Published { get; private init; } = [];

    /// <summary>Whether its weights are the mean of those of other runs.</summary>
    public bool IsSoup { get; private init; }

    /// <summary>Whether nothing was logged.</summary>
    public bool IsEmpty => names.Count == 0;

    /// <summary>
    /// Reads the metrics of a run. A last line that was cut off while it was written (it has no line end and is no JSON) is
    /// left out. Where a step is smaller than the one before it in its phase, the run was resumed from there: what was logged
    /// from that step on is replaced.
    /// </summary>
    /// <param name="runFolder">A folder <c>runs/EXPERIMENT/SEED</c>.</param>
    /// <exception cref="InvalidInputException">There is no metrics.jsonl, or a line of it is damaged.</exception>
    public static RunLog Read(string runFolder)
    {
        var folder = new RunFolder(runFolder);
        if (!File.Exists(folder.Metrics))
            throw new InvalidInputException(folder.Metrics,
                "The file does not exist; a run's folder is runs/EXPERIMENT/SEED and holds metrics.jsonl.");
        var log = new RunLog(folder.Experiment, folder.Seed) {
            UnknownInData = UnknownIn(folder.Data), Swept = SweptValue.In(folder.Config), IsSoup = File.Exists(folder.Soup),
            Published = PublishedCurve.In(folder.Config) };
        foreach (var (index, (line, isWhole)) in MetricLine.LinesIn(folder.Metrics).Index())
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var place = $"{folder.Metrics}:{index + 1}";
            MetricLine parsed;
            try
            {
                parsed = MetricLine.Parse(line);
            }
            catch (JsonException) when (!isWhole)
            {
                break;
            }
            catch (JsonException problem)
            {
                throw new InvalidInputException(place, $"The line is not a metric line: {problem.Message}");
            }
            log.Add(parsed, place);
        }
        return log;
    }

    static IReadOnlyList<(string, double)> UnknownIn(string dataFile)
    {
        if (!File.Exists(dataFile)) return [];
        try
        {
            using var data = JsonDocument.Parse(File.ReadAllBytes(dataFile));
            return [.. data.RootElement.GetProperty("sets").EnumerateObject().Select(set =>
            {
                var texts = set.Value.GetProperty("train").GetProperty("texts");
                return (set.Name, texts.GetProperty("unknown").GetDouble() / Math.Max(1, texts.GetProperty("tokens").GetDouble()));
            })];
        }
        catch (Exception damaged) when (
            damaged is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
                or IOException or UnauthorizedAccessException)
        {
            return []; // a picture does without it
        }
    }

    /// <summary>
    /// The series of a name in a phase; null where it was never logged. <see cref="LogNames.ProcessorSeconds"/>, which is in no list of
    /// names, is the <see cref="MetricLine.ProcessorSeconds"/> of the lines.
    /// </summary>
    public LogSeries? Find(Phase phase, string name) => series.TryGetValue((phase, name), out var found) ? found.Series : null;

    /// <summary>The last step that was logged in a phase; 0 where the phase left nothing.</summary>
    public double LastStep(Phase phase) => lastSteps.GetValueOrDefault(phase);

    /// <summary>Whether adversarial iterations took place (an evaluation before the first does not count).</summary>
    public bool HasAdversarialPhase => LastStep(Phase.Adversarial) > 0;

    /// <summary>Whether values beyond <see cref="LargestDrawn"/> stand at it.</summary>
    public bool IsClipped { get; private init; }

    /// <summary>The log for pictures: values beyond ±<see cref="LargestDrawn"/> stand there.</summary>
    public RunLog Drawable() => series.Values.Any(one => one.Exceeds(LargestDrawn)) ? Copy(name => name, isClipped: true) : this;

    /// <summary>The log with other names for some of its values.</summary>
    public RunLog Renamed(Func<string, string> rename) => Copy(rename, IsClipped);

    RunLog Copy(Func<string, string> rename, bool isClipped)
    {
        var copy = new RunLog(Experiment, Seed)
        {
            IsClipped = isClipped, UnknownInData = UnknownInData, Swept = Swept, IsSoup = IsSoup, Published = Published, Seconds = Seconds,
        };
        copy.evaluated.UnionWith(evaluated.Select(rename));
        foreach (var ((phase, name), one) in series) copy.series[(phase, rename(name))] = isClipped ? one.Clipped(LargestDrawn) : one;
        foreach (var (phase, step) in lastSteps) copy.lastSteps[phase] = step;
        foreach (var (name, count) in samples) copy.samples[rename(name)] = count;
        foreach (var (name, reason) in missing) copy.missing[rename(name)] = reason;
        copy.names.AddRange(names.Select(rename));
        copy.events.AddRange(events);
        return copy;
    }

    void Add(MetricLine line, string place)
    {
        var phase = PhaseNames.Parse(line.Phase) ?? throw new InvalidInputException(
            place, $"The phase is '{Label.Clean(line.Phase ?? "null")}'; it must be pretraining, discriminator-pretraining or " +
                "adversarial.");
        if (line.Step < 0)
            throw new InvalidInputException(place, $"The step is {line.Step}; it must be 0 or more.");
        if (line.Values is null)
            throw new InvalidInputException(place, "The values are null; they must be an object of numbers by name.");
        if (lastSteps.TryGetValue(phase, out var last) && line.Step < last)
            foreach (var pair in series.Where(pair => pair.Key.Phase == phase))
                pair.Value.CutFrom(line.Step);
        lastSteps[phase] = line.Step;
        Seconds = line.Seconds;
        if (line.ProcessorSeconds is { } used) SeriesOf(phase, LogNames.ProcessorSeconds).Add(line.Step, used);
        if (line.Values.Keys.Any(name => name.StartsWith(LogNames.Metric, StringComparison.Ordinal))) evaluated.UnionWith(line.Values.Keys);
        foreach (var (name, count) in line.Samples ?? new Dictionary<string, int>()) samples[name] = count;
        if (line.Event is { } noted) events.Add(new(phase, line.Step, noted));
        foreach (var (name, value) in line.Values)
        {
            if (!names.Contains(name)) names.Add(name);
            SeriesOf(phase, name).Add(line.Step, value);
            if (double.IsNaN(value) && line.Missing?.GetValueOrDefault(name) is { } reason) missing[name] = reason;
            else missing.Remove(name);
        }
    }

    Growing SeriesOf(Phase phase, string name)
    {
        if (!series.TryGetValue((phase, name), out var found)) series[(phase, name)] = found = new();
        return found;
    }

    sealed class Growing
    {
        readonly List<double> steps = [], values = [];

        public bool Exceeds(double limit) => values.Any(value => double.IsFinite(value) && Math.Abs(value) > limit);

        public Growing Clipped(double limit)
        {
            var clipped = new Growing();
            clipped.steps.AddRange(steps);
            clipped.values.AddRange(values.Select(value => double.IsFinite(value) ? Math.Clamp(value, -limit, limit) : value));
            return clipped;
        }

        public LogSeries? Series => steps.Count == 0 ? null : new(steps, values);

        public void Add(double step, double value)
        {
            if (steps.Count > 0 && steps[^1] == step)
            {
                values[^1] = value;
                return;
            }
            steps.Add(step);
            values.Add(value);
        }

        public void CutFrom(double step)
        {
            var keep = steps.BinarySearch(step);
            keep = keep < 0 ? ~keep : keep;
            steps.RemoveRange(keep, steps.Count - keep);
            values.RemoveRange(keep, values.Count - keep);
        }
    }
}
