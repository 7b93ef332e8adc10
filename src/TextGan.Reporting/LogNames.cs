using TextGan.Metrics.Sweeps;

namespace TextGan.Reporting;

/// <summary>Takes the names of metrics.jsonl apart (see <see cref="Runs.Format.MetricLine"/>).</summary>
static class LogNames
{
    public const string Metric = "metric/", Term = "term/", Discriminator = "discriminator/", Critic = "critic/", Conflict = "conflict/";

    /// <summary>The series of <see cref="Runs.Format.MetricLine.ProcessorSeconds"/>, which is not among the values of a line.</summary>
    public const string ProcessorSeconds = "processorSeconds";

    /// <summary>The names of the metrics that pictures show, without "metric/", in the order of their first appearance.</summary>
    public static IEnumerable<string> Metrics(IReadOnlyList<RunLog> logs)
    {
        IEnumerable<double> Values(string name) =>
            (from log in logs from phase in Enum.GetValues<Phase>() from value in log.Find(phase, name)?.Values ?? [] select value)
            // samples without any are worth a picture where texts have some
            .Concat(logs.SelectMany(log => log.UnknownInData).Select(set => set.Share));
        var names = logs.SelectMany(log => log.Names).Distinct().ToList();
        // An interval is drawn around the value that it belongs to.
        bool StandsForItself(string name) => MetricDirection.WithoutEnd(name) is not { } value || !names.Contains(value);
        return names
            .Where(name => name.StartsWith(Metric, StringComparison.Ordinal) && StandsForItself(name)
                && !SearchFigures.IsOfSearch(name[Metric.Length..]) && !SweepCurve.IsOfCurve(name[Metric.Length..])
                && !ExactFigures.IsOfCurve(name[Metric.Length..])
                && UnknownTokens.IsShown(name[Metric.Length..], Values(name)))
            .Select(name => name[Metric.Length..]);
    }

    /// <summary>The NAMEs of "prefixNAME/anything", in the order of their first appearance; a NAME may hold slashes.</summary>
    public static IReadOnlyList<string> Components(RunLog log, string prefix) =>
    [
        .. log.Names
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.LastIndexOf('/') > prefix.Length)
            .Select(name => name[prefix.Length..name.LastIndexOf('/')])
            .Distinct(),
    ];

    /// <summary>"discriminator/NAME/loss" as the pair of "discriminator loss" and NAME; a shorter name stands for itself.</summary>
    public static (string Group, string Member) Split(string name)
    {
        var (first, last) = (name.IndexOf('/'), name.LastIndexOf('/'));
        return first == last ? (name, name) : ($"{name[..first]} {name[(last + 1)..]}", name[(first + 1)..last]);
    }
}
