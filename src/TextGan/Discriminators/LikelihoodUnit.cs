namespace TextGan.Discriminators;

/// <summary>What a likelihood is given of.</summary>
public enum LikelihoodUnit
{
    /// <summary>Of each text: one logit.</summary>
    Text,

    /// <summary>Of each token: a logit per token.</summary>
    Token,
}
