namespace TextGan.Reporting;

/// <summary>The panels of the picture "policy".</summary>
static class PolicyPanels
{
    /// <summary>Names as <see cref="Runs.Format.MetricLine"/> lists them; a panel of "NAME" has a line for each critic.</summary>
    public static readonly (string Name, string Title, string Unit, VerticalScale Scale)[] All =
    [
        ("texts/length", "Length of responses", "tokens", VerticalScale.Automatic),
        ("texts/ended", "Texts that ended", "share of texts", VerticalScale.Share),
        ("policy/entropy", "Entropy", "nats per token", VerticalScale.Automatic),
        ("reference/klToken", "KL to the reference per token", "nats per token", VerticalScale.Automatic),
        ("reference/klText", "KL to the reference per text", "nats per text", VerticalScale.Automatic),
        ("policy/clipped", "Clipped", "share clipped", VerticalScale.Automatic),
        ("policy/ratio", "Mean ratio", "p / p of the writer", VerticalScale.Automatic),
        ("policy/klOld", "KL to the writer (k3)", "nats per token", VerticalScale.Automatic),
        ("critic/NAME/loss", "Loss of the critics", "mean square", VerticalScale.Automatic),
        ("critic/NAME/explainedVariance", "Variance explained by the critics", "share", VerticalScale.Automatic),
    ];

    /// <summary>Whether one of the panels shows a value.</summary>
    public static bool Shows(string name) => All.Any(panel => panel.Name.Split("NAME") is [var start, var end]
        ? name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal) : name == panel.Name);
}
