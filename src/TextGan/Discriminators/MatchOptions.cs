using TextGan.Data.Rules;

namespace TextGan.Discriminators;

/// <summary>
/// Draws a discriminator's real texts so that a property, or the length, says nothing about which side a text is of. Otherwise the
/// discriminator learns what another one teaches the generator to change (or that generated texts are shorter: length bias, Singhal et al.
/// 2310.03716), and the two pull against each other. Real texts are resampled: of an update's real texts each class (with the property or
/// without; each length) gets the share that it has of the generator's texts, by a running estimate.
/// Figures on held-out texts remain those of all of them. With prompts the real texts' prompts are then no longer as frequent as those that
/// the generator answers.
/// </summary>
public sealed record MatchOptions : ComponentOptions
{
    /// <summary>
    /// Another discriminator of the experiment, learning or not: a text has the property where it scores above the threshold of that one's
    /// loss, that is, where its probability of being real is over one half. Losses that only know differences of scores have their
    /// threshold midway between the mean scores of real and generated texts. Null (default): none.
    /// </summary>
    public string? Judge { get; init; }

    /// <summary>An exact rule in the place of a judge; null (default): none.</summary>
    public TextRuleOptions? Rule { get; init; }

    /// <summary>Whether lengths are matched, in tokens of the response, end included. Default false.</summary>
    public bool Length { get; init; }

    /// <summary>
    /// Lengths are matched in bins of so many tokens. Where no real text has a length that generated texts have, the nearest that there is
    /// takes its place (of two the shorter). Default 1.
    /// </summary>
    [Range(1, 65_536)]
    public int LengthBin { get; init; } = 1;

    /// <summary>So many real texts are looked at, and drawn from, at a time. Default 4096.</summary>
    [Range(1, 10_000_000)]
    public int Texts { get; init; } = 4096;

    /// <summary>Every so many updates the next texts take their place, labelled by the judge as it is then. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int Every { get; init; } = 100;

    /// <summary>How much of the estimate of the generator's texts is kept from one update to the next. Default 0.9.</summary>
    [Range(0.0, 0.9999)]
    public double Memory { get; init; } = 0.9;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Judge is null && Rule is null && !Length)
            yield return new Problem(path, "says nothing to match; give a 'judge', a 'rule', or \"length\": true.");
        if (Judge is not null && Rule is not null)
            yield return new Problem($"{path}.rule", "there is a 'judge', too, and one property is matched; leave out one of the two.");
    }
}
