using TextGan.Data.Rules;

namespace TextGan.Discriminators;

/// <summary>
/// Labels for the generator's own texts: a discriminator that learns a property from labelled texts is asked about ever other ones as the
/// generator moves, and what it has never seen it may take for the property. In iterations in which it learns, texts of the generator's
/// batch are labelled by the rule, and its updates read them beside its data.
/// </summary>
public sealed record RelabelOptions : LabelBudgetOptions
{
    /// <summary>The property: that by which its data set was split.</summary>
    [Required]
    public TextRuleOptions Rule { get; init; } = null!;
}
