namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// The divergence KL(generator ‖ reference) as a part of the objective; the reference is the generator at the start of the adversarial
/// phase. In JSON a number is the weight of a "loss" with its defaults.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[NumberMeans("loss", "weight")]
[JsonDerivedType(typeof(KlLossOptions), "loss")]
[JsonDerivedType(typeof(KlRewardOptions), "reward")]
public abstract record KlOptions : ComponentOptions
{
    /// <summary>
    /// β: its weight, in nats per token for a "loss" over tokens, in nats per text for a "reward". A combiner with schedules may change it.
    /// Default 0: no such term.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Weight { get; init; }

    /// <summary>Adapts the weight so that the divergence keeps near a target. null (default): the weight is fixed or scheduled.</summary>
    public AdaptiveKlOptions? Adaptive { get; init; }

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Adaptive is not null && Weight == 0)
            yield return new($"{path}.weight",
                "an adaptive weight is multiplied from step to step, and 0 stays 0; give a weight to start with.");
    }

    /// <summary>A weight alone is that of a loss with its defaults.</summary>
    public static implicit operator KlOptions(double weight) => new KlLossOptions { Weight = weight };
}

/// <summary>
/// β ← β (1 + clip(KL/target - 1, -0.2, 0.2) · B/horizon) after each batch of B texts (Ziegler et al., 1909.08593, section 2.2, where
/// K_β is B/horizon). KL is that of whole texts, in nats, as it is logged.
/// </summary>
public sealed record AdaptiveKlOptions : ComponentOptions
{
    /// <summary>The KL of whole texts that is aimed at, in nats. Default 6.</summary>
    [Range(1e-6, 1e6)]
    public double Target { get; init; } = 6;

    /// <summary>
    /// In texts: within so many β changes by a factor of at most e^0.2. At least "training.batch". Default 10000.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int Horizon { get; init; } = 10_000;
}

/// <summary>What a KL loss is computed from at each token.</summary>
public enum KlLossEstimator
{
    /// <summary>Σ_v p(v) log(p(v)/ref(v)) over the vocabulary: no variance at a prefix.</summary>
    Exact,

    /// <summary>½ (log p - log ref)² of the drawn token. Its expected gradient is that of the exact divergence.</summary>
    K2,

    /// <summary>
    /// r - 1 - log r with r = ref/p of the drawn token, as in GRPO (2402.03300, equation 4). Its value is an unbiased estimate of
    /// KL(generator ‖ reference), but its expected gradient is that of KL(reference ‖ generator), the divergence the other way round.
    /// </summary>
    K3,
}

/// <summary>
/// KL as a loss beside the others. The drawn prefixes are held fixed, so that a token is not blamed for the divergence of later ones. There
/// is no "k1": log p - log ref has the expected gradient 0 as a loss. Estimators of drawn tokens (k2, k3) are right for texts that the
/// generator has just written and are not corrected in later passes over a batch.
/// </summary>
public sealed record KlLossOptions : KlOptions
{
    /// <summary>
    /// "exact" (default) sums over the vocabulary; "k2" and "k3" use the drawn token only (Schulman, "Approximating KL divergence", 2020).
    /// </summary>
    public KlLossEstimator Estimator { get; init; }

    /// <summary>
    /// "tokens" (default): the mean over all tokens of the batch. "text": the mean over each text's tokens, then over texts (GRPO,
    /// 2402.03300, equation 3). "none": the sum over each text's tokens, mean over texts.
    /// </summary>
    public LengthNormalization LengthNormalization { get; init; } = LengthNormalization.Tokens;
}

/// <summary>What a token's KL reward is.</summary>
public enum KlRewardEstimator
{
    /// <summary>-(log p - log ref) of the drawn token.</summary>
    K1,

    /// <summary>
    /// The drawn token's own k1, and for later tokens the divergence summed over the vocabulary: the same expectation with less variance.
    /// </summary>
    Exact,
}

/// <summary>
/// KL in the reward of each token, as in PPO for language models (Ziegler et al., 1909.08593, equation 2): token t gets -β times the sum of
/// the divergences from t on, discounted where the credit discounts. Its expected gradient is that of β KL of whole texts. It is never
/// normalised: it is added to the discriminators' signals after "normalization", so β weighs it against normalised signals where these are.
/// It has a baseline of its own, of the estimator's kind; with "sum-then-normalize" the one baseline sees the sum. There is no "k2" or
/// "k3": in a reward they have the gradient of something else. For the estimator "reinforce" only.
/// </summary>
public sealed record KlRewardOptions : KlOptions
{
    /// <summary>"k1" (default) or "exact".</summary>
    public KlRewardEstimator Estimator { get; init; }
}
