namespace TextGan.Data.Rules;

/// <summary>Texts of a number of words: runs of characters without white space.</summary>
public sealed record LengthRuleOptions : TextRuleOptions
{
    /// <summary>The fewest words. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int Minimum { get; init; }

    /// <summary>The most words; null (default): any number.</summary>
    [Range(0, int.MaxValue)]
    public int? Maximum { get; init; }

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Maximum < Minimum) yield return new($"{path}.maximum", $"is {Maximum}, but 'minimum' is {Minimum}; no text has such a length.");
        else if (Minimum == 0 && Maximum is null) yield return new(path,
            "every text has such a length; give 'minimum', 'maximum' or both.");
    }

    public override TextRule Build(BuildContext context) => new LengthRule(Minimum, Maximum);
}
