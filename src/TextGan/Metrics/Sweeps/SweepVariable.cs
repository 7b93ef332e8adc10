namespace TextGan.Metrics.Sweeps;

/// <summary>What varies in a sweep of how texts are drawn.</summary>
public enum SweepVariable
{
    /// <summary>What logits are divided by.</summary>
    Temperature,

    /// <summary>The probability of the tokens that are drawn from, at temperature 1.</summary>
    TopP,
}
