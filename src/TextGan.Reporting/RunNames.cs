using System.Globalization;
using TextGan.Problems;

namespace TextGan.Reporting;

/// <summary>Tells runs of several folders apart.</summary>
public static class RunNames
{
    /// <summary>Rejects runs of one experiment and seed from several folders, which would count as several seeds.</summary>
    /// <param name="runs">Experiment and seed of each run; the seeds "1" and "01" are the same.</param>
    /// <exception cref="InvalidInputException">An experiment has a seed twice.</exception>
    public static void RequireDistinct(IEnumerable<(string Experiment, string Seed)> runs)
    {
        Problem[] problems = [.. runs
            .GroupBy(run => run with { Seed = int.TryParse(run.Seed, CultureInfo.InvariantCulture, out var seed) ? $"{seed}" : run.Seed })
            .Where(same => same.Count() > 1)
            .Select(same => new Problem("RUN", $"'{same.Key.Experiment}' is given twice with seed {same.Key.Seed}; name one of them."))];
        if (problems.Length > 0) throw new InvalidInputException(problems);
    }
}
