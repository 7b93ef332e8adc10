namespace TextGan.Reporting.Documents;

/// <summary>An experiment in a block.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="Label">What the document calls it; null for its name.</param>
/// <param name="At">The evaluation that its figures are read at, whatever the columns say; null for that of the columns.</param>
/// <param name="Runs">Its runs, by seed.</param>
/// <param name="Commands">The commands that made them, as far as they are known.</param>
sealed record TableRow(
    string Experiment, string? Label, EvaluationChoice? At, IReadOnlyList<RunSummary> Runs, IReadOnlyList<string> Commands)
{
    public string Header => Label is null ? MarkdownText.Name(Experiment) : MarkdownText.Written(Label);

    /// <summary>Its seeds as text: "1 to 3", "1, 5".</summary>
    public string Seeds => SeedsOf(Runs);

    /// <summary>The seeds of runs as text.</summary>
    public static string SeedsOf(IEnumerable<RunSummary> runs)
    {
        int[] seeds = [.. runs.Select(run => run.Seed).Distinct().Order()];
        return seeds.Length > 2 && seeds[^1] - seeds[0] == seeds.Length - 1 ? $"{seeds[0]} to {seeds[^1]}" : string.Join(", ", seeds);
    }
}
