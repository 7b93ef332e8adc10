namespace TextGan.Discriminators;

/// <summary>How a transformer knows the position of a token.</summary>
public enum PositionEncoding
{
    /// <summary>A learned vector for each position is added to the embedding.</summary>
    Learned,

    /// <summary>Queries and keys are rotated by an angle that grows with the position (2104.09864).</summary>
    Rotary,
}
