namespace TextGan.Experiments;

/// <summary>
/// A curve, or a single value, that others have published: pictures that compare experiments lay it over a metric as a dashed grey line. It
/// changes no run.
/// </summary>
public sealed record PublishedOptions : ComponentOptions
{
    /// <summary>What the legend calls it, such as "SeqGAN, published".</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>The metric's name in the log, such as "source-nll" or "nll-oracle".</summary>
    [Required]
    public string Metric { get; init; } = "";

    /// <summary>The adversarial iterations of the values, ascending. Default: none, for a single value, a level line.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [];

    /// <summary>The values, one for each step.</summary>
    [Required]
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Steps.Count == 0 ? Values.Count != 1 : Steps.Count != Values.Count)
            yield return new($"{path}.values", Steps.Count == 0
                ? $"has {Amount.Of(Values.Count, "value")}, but there are no 'steps'; give a single value, or a step for each."
                : $"has {Amount.Of(Values.Count, "value")} for {Amount.Of(Steps.Count, "step")}; give one for each.");
        for (var i = 1; i < Steps.Count; i++)
            if (Steps[i] <= Steps[i - 1])
                yield return new($"{path}.steps[{i}]", $"is {Steps[i]} after {Steps[i - 1]}; steps ascend.");
    }
}
