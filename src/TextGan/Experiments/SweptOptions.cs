namespace TextGan.Experiments;

/// <summary>An option that a sweep has set in this experiment. The reader writes it, for lists and plots; it changes no run.</summary>
public sealed record SweptOptions : ComponentOptions
{
    /// <summary>The option's path, such as estimator.temperature.</summary>
    [Required]
    public string Option { get; init; } = "";

    /// <summary>What the option is called in the experiment's name: as much of the end of its path as tells it from the others.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>Its value in this experiment, as text.</summary>
    public string Value { get; init; } = "";

    /// <summary>How the values of its range are spaced; null (default) if they were listed.</summary>
    public SweepScale? Scale { get; init; }
}
