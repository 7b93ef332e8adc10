namespace TextGan.Cli.Display;

/// <summary>Chooses, from the many values of a step (see <see cref="MetricLine"/>), the few that a person watches.</summary>
public static class Headline
{
    /// <summary>The generator's figures: "loss 3.214, held-out loss 3.301" or "total -0.412, gradient norm 1.203".</summary>
    public static string Generator(Phase phase, IReadOnlyDictionary<string, double> values)
    {
        (string Name, string Label)[] wanted = phase switch
        {
            Phase.Pretraining => [("generator/loss", "loss"), ("generator/heldOutLoss", "held-out loss")],
            Phase.DiscriminatorPretraining => [],
            _ => [("total", "total"), ("generator/gradientNorm", "gradient norm"), ("temperature", "temperature")],
        };
        return string.Join(", ", wanted.Where(figure => values.ContainsKey(figure.Name))
            .Select(figure => $"{figure.Label} {NumberText.Of(values[figure.Name])}"));
    }

    /// <summary>
    /// Headings of <see cref="Discriminators"/>: name, loss, accuracy on three kinds of text, term of the generator's objective.
    /// </summary>
    public static IReadOnlyList<string> Headings { get; } = ["", "loss", "real", "generated", "rejected", "term"];

    /// <summary>A row for each discriminator; "" where there is no value.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Discriminators(IReadOnlyDictionary<string, double> values)
    {
        const string prefix = "discriminator/", suffix = "/loss";
        var names = values.Keys
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && key.EndsWith(suffix, StringComparison.Ordinal)
                && key.Length > prefix.Length + suffix.Length)
            .Select(key => key[prefix.Length..^suffix.Length]);
        return [.. names.Select(name => (IReadOnlyList<string>)
        [
            SafeText.Line(name, 40),
            Figure(values, $"{prefix}{name}/loss", NumberText.Of),
            Figure(values, $"{prefix}{name}/accuracyReal", NumberText.Percent),
            Figure(values, $"{prefix}{name}/accuracyGenerated", NumberText.Percent),
            Figure(values, $"{prefix}{name}/accuracyRejected", NumberText.Percent),
            Figure(values, $"term/{name}/weighted", NumberText.Of),
        ])];
    }

    static string Figure(IReadOnlyDictionary<string, double> values, string name, Func<double, string> show) =>
        values.TryGetValue(name, out var value) ? show(value) : "";

    /// <summary>Everything in one line, for output that is not a terminal.</summary>
    public static string OneLine(Phase phase, IReadOnlyDictionary<string, double> values)
    {
        var parts = Discriminators(values).Select(row => string.Join(' ', row.Zip(Headings, (cell, heading) => (cell, heading))
            .Where(pair => pair.cell.Length > 0).Select(pair => $"{pair.heading} {pair.cell}".TrimStart())));
        return string.Join("; ", parts.Prepend(Generator(phase, values)).Where(part => part.Length > 0));
    }
}
