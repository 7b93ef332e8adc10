namespace TextGan.Metrics;

/// <summary>The reward that a search looks for.</summary>
public enum Pursued
{
    /// <summary>The discriminators' logits, each times its weight.</summary>
    Discriminators,

    /// <summary>The truth itself.</summary>
    Truth,
}
