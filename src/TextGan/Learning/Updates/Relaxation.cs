namespace TextGan.Learning.Updates;

/// <summary>What the discriminators read, and what the generator is fed back.</summary>
public enum Relaxation
{
    /// <summary>The relaxed tokens themselves.</summary>
    Relaxed,

    /// <summary>
    /// The drawn token one-hot, with the gradient of the relaxed one (straight-through; Jang et al., 1611.01144, section 2.2).
    /// </summary>
    StraightThrough,
}
