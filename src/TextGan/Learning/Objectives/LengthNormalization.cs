namespace TextGan.Learning.Objectives;

/// <summary>How values of tokens become one number: what a text's length does to its weight.</summary>
public enum LengthNormalization
{
    /// <summary>
    /// The sum over each text's tokens, mean over texts: (1/B) Σ_i Σ_t. Every token counts alike, whatever the length of its text. Dr. GRPO
    /// (2503.20783, section 3) divides by a constant besides, which acts on the step size alone.
    /// </summary>
    None,

    /// <summary>
    /// The mean over each text's tokens, mean over texts: (1/B) Σ_i 1/|o_i| Σ_t (GRPO, 2402.03300, equation 3). A token of a long text
    /// counts less.
    /// </summary>
    Text,

    /// <summary>The mean over all tokens of the batch or minibatch: Σ_i Σ_t / Σ_i |o_i| (DAPO, 2503.14476, equation 8).</summary>
    Tokens,
}

/// <summary>The computation behind <see cref="LengthNormalization"/>.</summary>
public static class LengthNormalizations
{
    /// <summary>A scalar.</summary>
    /// <param name="normalization">How.</param>
    /// <param name="values">[B,T], 0 outside the response.</param>
    /// <param name="response">[B,T]: 1 where a token counts. Texts without such tokens count as texts nevertheless.</param>
    public static Tensor Mean(this LengthNormalization normalization, Tensor values, Tensor response) => normalization switch
    {
        LengthNormalization.None => values.sum() / Held(values.shape[0]),
        LengthNormalization.Text => (values.sum(1) / response.sum(1).clamp_min(Held(1))).sum() / Held(values.shape[0]),
        _ => values.sum() / response.sum().clamp_min(Held(1)),
    };
}
