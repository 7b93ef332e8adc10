namespace TextGan.Discriminators;

/// <summary>How a transformer's states become one vector for the text.</summary>
public enum Pooling
{
    /// <summary>The mean over the text's positions.</summary>
    Mean,

    /// <summary>The state of an extra first position that reads the whole text.</summary>
    Cls,
}
