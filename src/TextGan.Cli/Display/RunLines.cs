namespace TextGan.Cli.Display;

/// <summary>The lines that stay on the page, the same on a terminal and in a file.</summary>
public static class RunLines
{
    const int SampleLimit = 160;

    /// <summary>Texts of an evaluation that are shown.</summary>
    public const int ShownSamples = 3;

    /// <summary>"grammar-ml, seed 1 (run 2 of 5)".</summary>
    public static string Run(string run, int index, int count) => count > 1 ? $"{SafeText.Line(run)} (run {index} of {count})"
        : SafeText.Line(run);

    /// <summary>"pretraining: 1,200 of 2,000 steps in 1:02 (ended early), loss 3.214".</summary>
    public static string PhaseEnd(PhaseProgress phase)
    {
        var early = phase.Done < phase.Steps;
        var steps = early ? $"{NumberText.Whole(phase.Done)} of {Amount.Of(phase.Steps, "step")}"
            : Amount.Of(phase.Steps, "step");
        var figures = Headline.Generator(phase.Phase, phase.Values);
        return $"{PhaseProgress.Name(phase.Phase)}: {steps} in " +
            $"{NumberText.Time(phase.Elapsed)}{(early ? " (ended early)" : "")}{(figures.Length > 0 ? "; " + figures : "")}";
    }

    /// <summary>"evaluation, adversarial step 100", the figures, then up to three of the texts.</summary>
    public static IReadOnlyList<string> Evaluation(
        Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples, int width) =>
    [
        $"evaluation, {PhaseProgress.Name(phase)} step {NumberText.Whole(step)}",
        .. FigureColumns.Lines(metrics.Where(metric => UnknownTokens.IsShown(metric.Key, [metric.Value])).ToDictionary(), width),
        .. samples.Take(ShownSamples).Select(sample => "  » " + SafeText.Line(sample, Math.Min(SampleLimit, Math.Max(20, width - 6)))),
    ];

    /// <summary>"grammar-ml, seed 1: finished after 2:03, runs/grammar-ml/1".</summary>
    public static string RunEnd(string run, string outcome, string folder, TimeSpan took) =>
        $"{SafeText.Line(run)}: {(IsFailure(outcome) ? "failed" : outcome)} after {NumberText.Time(took)}, {SafeText.Line(folder)}";

    /// <summary>"grammar-ml, seed 1 failed: The term 'helpful' is NaN."; null where the run did not fail.</summary>
    public static string? Failure(string run, string outcome) => IsFailure(outcome)
        ? $"{SafeText.Line(run)} failed: {SafeText.Line(outcome)}" : null;

    static bool IsFailure(string outcome) => outcome is not ("finished" or "stopped");
}
