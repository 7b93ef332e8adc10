namespace TextGan.Data;

/// <summary>A distribution over texts that can be asked exactly: the true probability, and true attributes such as "helpful".</summary>
public interface IExactSource
{
    /// <summary>Natural logarithm of the probability of each text; negative infinity for what the source never produces.</summary>
    IReadOnlyList<double> LogProbabilities(IReadOnlyList<string> texts);

    /// <summary>The names of the attributes it decides (grammar: grammatical, helpful, harmless); empty where it has none.</summary>
    IReadOnlyList<string> Attributes { get; }

    /// <summary>Whether each text has the attribute, by definition and not by estimate.</summary>
    IReadOnlyList<bool> Judge(string attribute, IReadOnlyList<string> texts);
}
