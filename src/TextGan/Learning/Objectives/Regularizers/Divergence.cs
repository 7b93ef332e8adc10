namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>The divergence between next-token distributions, and estimates of it by drawn tokens (Schulman, 2020).</summary>
public static class Divergence
{
    /// <summary>Σ_v p(v) log(p(v)/q(v)), [B,T] of the logits [B,T,V] of p and q.</summary>
    public static Tensor Exact(Tensor logits, Tensor other) => KullbackLeibler.Of(logits.log_softmax(-1), other.log_softmax(-1));

    /// <summary>½ (log p - log q)² of drawn tokens.</summary>
    public static Tensor K2(Tensor own, Tensor reference) => (own - reference).Squared() * Held(0.5);

    /// <summary>r - 1 - log r with r = q/p: not negative, and with the mean KL(p ‖ q) for tokens drawn from p.</summary>
    public static Tensor K3(Tensor own, Tensor reference)
    {
        var logRatio = reference - own;
        return logRatio.expm1() - logRatio;
    }
}
