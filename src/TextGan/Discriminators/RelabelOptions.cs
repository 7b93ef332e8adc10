using TextGan.Data.Rules;

namespace TextGan.Discriminators;

/// <summary>
/// Labels for the generator's own texts: a discriminator that learns a property from labelled texts is asked about ever other ones as the
/// generator moves, and what it has never seen it may take for the property. In iterations in which it learns, texts of the generator's
/// batch are labelled by the rule, and its updates read them beside its data.
/// </summary>
public sealed record RelabelOptions : ComponentOptions
{
    /// <summary>The property: that by which its data set was split.</summary>
    [Required]
    public TextRuleOptions Rule { get; init; } = null!;

    /// <summary>
    /// The number of texts that are labelled in all; after that, it learns from those that it has. Null (default): no limit.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? Labels { get; init; }

    /// <summary>Texts are labelled every n-th iteration. Default 1.</summary>
    [Range(1, 1_000_000)]
    public int Every { get; init; } = 1;

    /// <summary>The number of texts of the generator's batch that are labelled each time; null (default): all.</summary>
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
