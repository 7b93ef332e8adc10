namespace TextGan.Discriminators;

/// <summary>How the logits of an ensemble's members become one (Coste et al. 2310.02743, section 3.2).</summary>
public enum EnsembleRule
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The smallest: a text is as good as its severest member finds it (worst-case optimisation, equation 3).</summary>
    Minimum,

    /// <summary>Their mean less 'varianceWeight' times their variance (uncertainty-weighted optimisation, equation 4).</summary>
    MeanMinusVariance,
}
