namespace TextGan.Reporting;

/// <summary>The panels of the picture "policy".</summary>
static class PolicyPanels
{
    /// <summary>Names as <see cref="Runs.Format.MetricLine"/> lists them, with their labels; "NAME" stands for each critic.</summary>
    public static readonly (string Title, string Unit, VerticalScale Scale, (string Name, string? Label)[] Lines)[] All =
    [
        ("Length of responses", "tokens", VerticalScale.Automatic, [("texts/length", null)]),
        ("Texts that ended", "share of texts", VerticalScale.Share, [("texts/ended", null)]),
        ("Entropy and KL to the reference", "nats per token", VerticalScale.Automatic,
            [("policy/entropy", "entropy"), ("reference/klToken", "KL")]),
        ("KL to the reference per text", "nats per text", VerticalScale.Automatic, [("reference/klText", null)]),
        ("Clipped", "share clipped", VerticalScale.Automatic, [("policy/clipped", null)]),
        ("Mean ratio", "p / p of the writer", VerticalScale.Automatic, [("policy/ratio", null)]),
        ("KL to the writer (k3)", "nats per token", VerticalScale.Automatic, [("policy/klOld", null)]),
        ("Loss of the critics", "mean square", VerticalScale.Automatic, [("critic/NAME/loss", "NAME")]),
        ("Variance explained by the critics", "share", VerticalScale.Automatic, [("critic/NAME/explainedVariance", "NAME")]),
    ];

    /// <summary>The names and labels of a panel's lines, those of critics one by one.</summary>
    public static IEnumerable<(string Name, string? Label)> LinesOf((string Name, string? Label)[] lines, IReadOnlyList<string> critics) =>
        lines.SelectMany(line => line.Label == "NAME" ? critics.Select(critic => (line.Name.Replace("NAME", critic), (string?)critic))
            : [line]);

    /// <summary>Whether one of the panels shows a value.</summary>
    public static bool Shows(string name) => All.SelectMany(panel => panel.Lines).Any(line =>
        line.Name.Split("NAME") is [var start, var end]
        ? name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal) : name == line.Name);
}
