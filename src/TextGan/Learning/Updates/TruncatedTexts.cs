namespace TextGan.Learning.Updates;

/// <summary>What becomes of texts that have not ended within the length.</summary>
public enum TruncatedTexts
{
    /// <summary>They count like others.</summary>
    Keep,

    /// <summary>
    /// They have no gradient, neither by rewards nor by entropy or KL, and do not enter means and deviations of other texts (DAPO's
    /// overlong filtering, 2503.14476, section 3.4). Losses by text divide by the whole batch nevertheless. Discriminators learn from them
    /// as before.
    /// </summary>
    Mask,
}
