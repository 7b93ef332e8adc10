using TextGan.Experiments.Running;
using TextGan.Training;

namespace TextGan.Cli.Display;

/// <summary>What experiments came to: a row each, the last evaluation's figures as mean ± standard deviation over seeds.</summary>
public static class ResultTable
{
    /// <summary>No lines where no run ended with figures. Runs that failed are left out.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<RunResult> results, int width)
    {
        var done = results.Where(result => result.Outcome != "failed" && result.FinalMetrics.Count > 0).ToList();
        if (done.Count == 0) return [];
        var metrics = done.SelectMany(result => result.FinalMetrics.Keys).Distinct()
            .Where(metric => UnknownTokens.IsShown(metric, done.Select(result => result.FinalMetrics.GetValueOrDefault(metric)))).ToList();
        if (metrics.Count == 0) return [];
        var table = new TextTable(["experiment", "seeds", .. metrics.Select(metric => SafeText.Line(metric, 40))]);
        foreach (var experiment in done.GroupBy(result => result.Name))
        {
            table.Add([SafeText.Line(experiment.Key, 40), experiment.Count().ToString(), .. metrics.Select(metric => Figure(experiment, metric))]);
        }
        return table.Lines(width);
    }

    /// <summary>"3 runs finished, 1 stopped, 1 failed".</summary>
    public static string Counts(IReadOnlyList<RunResult> results)
    {
        var parts = ((string[])["finished", "stopped", "failed"])
            .Select(outcome => (Outcome: outcome, Number: results.Count(result => result.Outcome == outcome)))
            .Where(part => part.Number > 0 || (part.Outcome == "finished" && results.Count == 0)).ToList();
        var earlier = results.Count(result => result.IsEarlier);
        return string.Join(", ", parts.Select((part, index) => index == 0 ? $"{NumberText.Count(part.Number, "run")} {part.Outcome}" : $"{part.Number} {part.Outcome}"))
            + (earlier > 0 ? $" ({earlier} by an earlier command)" : "");
    }

    static string Figure(IEnumerable<RunResult> runs, string metric)
    {
        var values = runs.Where(run => run.FinalMetrics.ContainsKey(metric)).Select(run => run.FinalMetrics[metric]).ToList();
        if (values.Count == 0) return "";
        var mean = values.Average();
        if (values.Count == 1) return NumberText.Of(mean);
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)); // of a sample
        return $"{NumberText.Of(mean)} ±{NumberText.Of(deviation)}";
    }
}
