namespace TextGan.Reporting;

/// <summary>The pictures of one run.</summary>
public static class RunPlots
{
    /// <summary>
    /// Draws a run's terms, discriminators, scores, metrics, temperatures, pretraining, policy, conflict and optimisation, each as PNG and
    /// SVG; what the run did not log is left out. A run without any line yet has no pictures.
    /// </summary>
    /// <param name="runFolder">A folder <c>runs/EXPERIMENT/SEED</c>.</param>
    /// <param name="outputFolder">Usually <c>plots/EXPERIMENT/seed-SEED</c>; it is made where it is missing.</param>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="Problems.InvalidInputException">The run's metrics are missing or damaged.</exception>
    public static IReadOnlyList<string> Draw(string runFolder, string outputFolder) =>
        [.. RunFigures.Of(RunLog.Read(runFolder)).SelectMany(figure => figure.Save(outputFolder))];
}
