namespace TextGan.Data.Worlds;

/// <summary>An exact attribute of a text of token numbers.</summary>
public enum WorldProperty
{
    /// <summary>No token is below the one before it.</summary>
    Rising,

    /// <summary>No token is above the one before it: with "rising" only where all tokens are equal.</summary>
    Falling,

    /// <summary>The mean token is above the middle of the vocabulary.</summary>
    High,

    /// <summary>The sum of the tokens is even: no part of a text tells.</summary>
    Even,
}
