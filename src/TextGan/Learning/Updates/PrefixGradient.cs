namespace TextGan.Learning.Updates;

/// <summary>What a token's gradient takes into account.</summary>
public enum PrefixGradient
{
    /// <summary>The token as it is judged, and as it is fed back: what is written after it.</summary>
    Through,

    /// <summary>The token as it is judged alone; the tokens before each position are constants.</summary>
    Constant,
}
