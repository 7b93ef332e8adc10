namespace TextGan.Data.Rules;

/// <summary>What counts as an occurrence of a text in another.</summary>
public enum TextMatch
{
    /// <summary>Neither a letter nor a digit stands directly before or after it.</summary>
    Word,

    /// <summary>Any part of the text.</summary>
    Substring,
}

/// <summary>Texts that contain a word, or any other text, often enough. Occurrences do not overlap.</summary>
public sealed record ContainsRuleOptions : TextRuleOptions
{
    /// <summary>What the text must contain.</summary>
    [Required]
    public string Text { get; init; } = "";

    /// <summary>
    /// "word" (default): with no letter or digit directly before or after it, so that "dog" is not in "dogs"; "substring": anywhere.
    /// </summary>
    public TextMatch Match { get; init; } = TextMatch.Word;

    /// <summary>Whether "Dog" counts as "dog". Default false.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>It must occur so many times or more. Default 1.</summary>
    [Range(1, 1_000_000)]
    public int Minimum { get; init; } = 1;

    /// <summary>It must occur exactly so many times, whatever 'minimum' says; null (default): no such condition.</summary>
    [Range(0, 1_000_000)]
    public int? Exactly { get; init; }

    public override TextRule Build(BuildContext context) => new ContainsRule(Text, Match, IgnoreCase, Exactly ?? Minimum, Exactly);
}
