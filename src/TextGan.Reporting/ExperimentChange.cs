using System.Globalization;
using System.Text.Json;
using TextGan.Safety;

namespace TextGan.Reporting;

/// <summary>What an experiment changed: its key metrics from the start of its adversarial phase to the last evaluation.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="Seeds">Its runs.</param>
/// <param name="Unfinished">Those that have not finished, whose last evaluation may be an early one.</param>
/// <param name="Control">Why it is a control: "no judges", "constant reward" and so on; null if it is no control.</param>
/// <param name="IsAdversarial">Whether it has an adversarial phase.</param>
/// <param name="Metrics">The metrics.</param>
public sealed record ExperimentChange(
    string Experiment, int Seeds, int Unfinished, string? Control, bool IsAdversarial, IReadOnlyList<MetricChange> Metrics)
{
    /// <summary>
    /// The most metrics. They are the first of those that pictures show first (exact rates, then the longest distinct n-grams, negative
    /// log-likelihood, the longest BLEU and self-BLEU, then the rest) of which it is known which end is better.
    /// </summary>
    public const int MostMetrics = 5;

    /// <summary>What the figures in brackets are, where experiments have several seeds.</summary>
    public const string Legend = "Figures are means over seeds; in brackets the mean change per seed ± half the width of its 95% " +
        "interval (Student's t), 'within spread' where that interval includes 0.";

    /// <summary>Whether <see cref="Legend"/> is needed.</summary>
    public bool HasSpread => Metrics.Any(metric => metric.IsBeyondSpread is not null);

    /// <summary>
    /// "three-reinforce (3 seeds): helpful .23 -> .43 (+.20 ±.03), grammatical .89 -> .88 (-.01 ±.02, within spread)". Of one seed there
    /// are figures only.
    /// </summary>
    public string Sentence
    {
        get
        {
            string?[] facts =
            [
                IsAdversarial ? null : "no adversarial phase", Control is null ? null : $"control: {Control}",
                Seeds > 1 ? $"{Seeds} seeds" : null,
                Unfinished == 0 ? null : Seeds > 1 ? $"{Unfinished} unfinished" : "unfinished",
            ];
            var known = string.Join(", ", facts.OfType<string>());
            var changed = Metrics.Where(metric => metric.IsBeyondSpread == true).Select(NameOf).ToList();
            var verdict = Control is null || !HasSpread ? ""
                : changed.Count == 0 ? "no change beyond spread; " : $"changed beyond spread in {string.Join(", ", changed)}; ";
            return SafeText.Line($"{Experiment}{(known.Length > 0 ? $" ({known})" : "")}: {verdict}" +
                (Metrics.Count == 0 ? "no metric was measured at both ends"
                    : string.Join(", ", Metrics.Select(Words))));
        }
    }

    /// <summary>Its name, with the number of samples only if another of the metrics differs in nothing else.</summary>
    string NameOf(MetricChange metric)
    {
        var (name, samples) = MetricChoice.Split(metric.Metric);
        return samples.Length == 0 || Metrics.Count(other => MetricChoice.Split(other.Metric).Name == name) == 1 ? name
            : $"{name} ({samples} samples)";
    }

    string Words(MetricChange metric)
    {
        var few = metric.Seeds.Count < Seeds ? $" [{metric.Seeds.Count} of {Seeds} seeds]" : "";
        var name = NameOf(metric);
        // Shares in two decimals, as papers print them; else three digits of the larger end, so that both ends have as many decimals.
        var isShare = MetricFamily.Of(metric.Metric).IsShare;
        var largest = double.IsNaN(metric.Start) ? Math.Abs(metric.End) : Math.Max(Math.Abs(metric.Start), Math.Abs(metric.End));
        var zeros = new string('0', largest == 0 ? 2 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(largest)), 0, 6));
        var format = isShare ? ".00;-.00;.00" : $"0.{zeros};-0.{zeros};0.{zeros}"; // what rounds to 0 has no sign
        if (double.IsNaN(metric.Start))
        {
            var ends = SeedAggregate.Of(0, metric.Seeds.Select(seed => seed.End));
            return $"{name} {Number(ends.Mean)}" + (ends.High > ends.Low ? $" ({Number(ends.Low)} to {Number(ends.High)})" : "") + few;
        }
        var spread = metric.IsBeyondSpread is not { } isBeyond ? ""
            : $" ({(metric.Difference.Mean > 0 ? "+" : "")}{Number(metric.Difference.Mean)} " +
                $"±{Number(metric.Difference.High - metric.Difference.Mean)}{(isBeyond ? "" : ", within spread")})";
        return $"{name} {Number(metric.Start)} -> {Number(metric.End)}{spread}{few}";

        string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The changes of an experiment.</summary>
    /// <param name="runs">Its runs, with <see cref="MetricChoice.WithSamples"/>.</param>
    /// <param name="unfinished">How many of them have not finished.</param>
    /// <param name="config">The configuration of one of them; anything but an object where that is not known.</param>
    internal static ExperimentChange Of(IReadOnlyList<RunLog> runs, int unfinished, JsonElement config)
    {
        var isAdversarial = runs.Any(run => run.HasAdversarialPhase);
        var metrics = from metric in new MetricChoice(runs).Key
                      let isHigherBetter = MetricDirection.HigherIsBetter(metric)
                      where isHigherBetter is not null
                      let seeds = runs.Select(run => Ends(run, LogNames.Metric + metric, isAdversarial))
                          .OfType<(double, double)>().ToArray()
                      where seeds.Length > 0
                      select new MetricChange(metric, isHigherBetter!.Value, seeds);
        return new(runs[0].Experiment, runs.Count, unfinished, ControlOf(config), isAdversarial, [.. metrics.Take(MostMetrics)]);
    }

    static (double Start, double End)? Ends(RunLog run, string metric, bool isAdversarial)
    {
        if (!isAdversarial)
            return SummaryTable.Last(run, metric) is { } last && double.IsFinite(last.Value) ? (double.NaN, last.Value) : null;
        return run.Find(Phase.Adversarial, metric) is { } series && series.LastStep > series.Steps[0]
            && double.IsFinite(series.Values[0]) && double.IsFinite(series.LastValue) ? (series.Values[0], series.LastValue) : null;
    }

    /// <summary>
    /// An experiment is a control if nothing tells its generator what is good: it has no discriminator but constant and random ones, and
    /// learns from no teacher, mediator or, in the adversarial phase, real texts.
    /// </summary>
    static string? ControlOf(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object || Member(config, "discriminators") is not { ValueKind: JsonValueKind.Array } judges)
            return null;
        string?[] kinds = [.. judges.EnumerateArray().Select(judge => Member(judge, "kind")?.ToString()).Distinct()];
        if (kinds.Any(kind => kind is not ("constant" or "random"))) return null;
        if (Member(config, "regularizers") is { } terms && (Has(terms, "distillation") || Has(terms, "mediator")
                || Member(terms, "likelihood") is { ValueKind: JsonValueKind.Number } likelihood && likelihood.GetDouble() > 0)
            || Member(config, "pretraining") is { } pretraining && Has(pretraining, "teacher")) return null;
        return kinds.Length == 0 ? "no judges" : $"{string.Join(" and ", kinds)} reward{(kinds.Length > 1 ? "s" : "")}";

        static bool Has(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.Object };

        static JsonElement? Member(JsonElement json, string name) =>
            json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var found) ? found : null;
    }
}
