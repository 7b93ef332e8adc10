namespace TextGan.Data.Grammar;

/// <summary>Which texts are drawn from the grammar.</summary>
public enum GrammarSet
{
    /// <summary>The natural mix of all replies, helpful and harmless or not.</summary>
    Pretraining,

    /// <summary>Pairs of a helpful reply (chosen) and one that is not (rejected).</summary>
    Helpfulness,

    /// <summary>Pairs of a harmless reply (chosen) and one that is not (rejected).</summary>
    Harmlessness,
}
