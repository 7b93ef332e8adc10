namespace TextGan.Generators.Search;

/// <summary>What a tree search expects of tokens that it has not tried.</summary>
public enum TreePrior
{
    /// <summary>The generator's probability of each.</summary>
    Generator,

    /// <summary>The same of each.</summary>
    Uniform,
}
