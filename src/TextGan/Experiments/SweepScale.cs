namespace TextGan.Experiments;

/// <summary>How the values of a range are spaced.</summary>
public enum SweepScale
{
    /// <summary>Neighbours have the same difference.</summary>
    Linear,

    /// <summary>Neighbours have the same ratio.</summary>
    Log,
}
