namespace TextGan.Plots;

/// <summary>The pictures of one run.</summary>
public static class RunPlots
{
    /// <summary>
    /// Draws a run's terms, discriminators, scores, metrics, pretraining and optimisation, each as PNG and SVG named
    /// <c>seed-SEED-PICTURE</c>; what the run did not log is left out. A run without any line yet has no pictures.
    /// </summary>
    /// <param name="runFolder">A folder <c>runs/EXPERIMENT/SEED</c>.</param>
    /// <param name="outputFolder">Usually <c>plots/EXPERIMENT</c>; it is made where it is missing.</param>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="Problems.InvalidInputException">The run's metrics are missing or damaged.</exception>
    public static IReadOnlyList<string> Draw(string runFolder, string outputFolder)
    {
        var log = RunLog.Read(runFolder);
        return [.. RunFigures.Of(log).SelectMany(figure => figure.Save(outputFolder, $"seed-{log.Seed}-"))];
    }
}
