namespace TextGan.Discriminators;

/// <summary>How many of the generator's texts are labelled for a discriminator, and how its updates read them beside its data.</summary>
public abstract record LabelBudgetOptions : ComponentOptions
{
    /// <summary>
    /// The number of texts that are labelled in all; after that, it learns from those that it has. Null (default): no limit, which
    /// 'oracleQuery' does not allow.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? Labels { get; init; }

    /// <summary>Texts are labelled every n-th iteration. Default 1.</summary>
    [Range(1, 1_000_000)]
    public int Every { get; init; } = 1;

    /// <summary>
    /// The number of texts that are labelled each time; null (default): with 'relabel' all of the generator's batch; 'oracleQuery' needs
    /// it.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? Batch { get; init; }

    /// <summary>Of the labelled texts the newest are kept, so many with the property and so many without. Default 500.</summary>
    [Range(1, 1_000_000)]
    public int Keep { get; init; } = 500;

    /// <summary>
    /// The share of each side of an update that is drawn from them, of a side of which there are any; the rest comes from its data.
    /// Default 0.5.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.5;
}
