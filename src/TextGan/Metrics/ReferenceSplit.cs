namespace TextGan.Metrics;

/// <summary>Which texts of a data set a metric compares with.</summary>
public enum ReferenceSplit
{
    /// <summary>Texts that training never read.</summary>
    HeldOut,

    /// <summary>Texts that training read.</summary>
    Train,
}
