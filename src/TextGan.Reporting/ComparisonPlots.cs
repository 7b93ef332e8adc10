using TextGan.Problems;
using TextGan.Storage;

namespace TextGan.Reporting;

/// <summary>Pictures that set runs side by side.</summary>
public static class ComparisonPlots
{
    /// <summary>
    /// Groups runs by experiment and draws <c>comparison-metrics</c> and <c>comparison-losses</c> (mean over seeds, a band from
    /// the smallest to the largest), <c>comparison-final</c> (last values), <c>comparison-conflict</c> (of terms, if it was measured) and
    /// <c>comparison-tradeoff</c> (quality against diversity), of sweeps <c>comparison-sweep-OPTION</c> (metrics against the option), and
    /// of metrics "search" <c>comparison-search</c> (true reward against compute), of metrics "temperature-sweep"
    /// <c>comparison-temperature</c> (quality against diversity), each as PNG and SVG, and writes
    /// <c>over-optimization.csv</c> (of gold rewards), and <c>summary.csv</c> with the last value of each metric of each run. One
    /// experiment with several seeds makes sense as well. Runs without any line yet are left out.
    /// </summary>
    /// <param name="runFolders">Folders <c>runs/EXPERIMENT/SEED</c>; the order of experiments is theirs.</param>
    /// <param name="outputFolder">It is made where it is missing.</param>
    /// <param name="title">What is compared, for the pictures' titles.</param>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="InvalidInputException">Runs are damaged or are there twice; all such runs are named.</exception>
    public static IReadOnlyList<string> Draw(IReadOnlyList<string> runFolders, string outputFolder, string title)
    {
        var (runs, problems) = (new List<RunLog>(), new ProblemList());
        foreach (var folder in runFolders.DistinctBy(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))
            problems.Note(() => runs.Add(RunLog.Read(folder)));
        problems.Throw();
        runs.RemoveAll(run => run.IsEmpty);
        if (runs.Count == 0)
            return [];
        RunNames.RequireDistinct(runs.Select(run => (run.Experiment, run.Seed)));
        var files = ComparisonFigures.Of(runs, title).SelectMany(figure => figure.Save(outputFolder)).ToList();
        var table = Path.Combine(outputFolder, "summary.csv");
        AtomicFile.WriteText(table, SummaryTable.ToCsv(SummaryTable.Of(runs)));
        files.Add(table);
        if (OverOptimization.ToCsv([.. runs.GroupBy(run => run.Experiment)
            .Select(same => new RewardGroup(same.Key, [.. same], LineLook.Of(0)))]) is { } fits)
        {
            files.Add(Path.Combine(outputFolder, "over-optimization.csv"));
            AtomicFile.WriteText(files[^1], fits);
        }
        return files;
    }
}
