using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>Divergences in nats of distributions over a vocabulary, of their log-probabilities [...,V] → [...].</summary>
public static class KullbackLeibler
{
    /// <summary>KL(p ‖ q) = Σ_v p(v) log(p(v)/q(v)).</summary>
    public static Tensor Of(Tensor p, Tensor q) => (p.exp() * (p - q)).sum(-1);

    /// <summary>
    /// The generalised Jensen-Shannon divergence β KL(p ‖ m) + (1-β) KL(q ‖ m) with m = β p + (1-β) q (GKD, 2306.13649, equation 1). For β
    /// → 0 it is β KL(p ‖ q), for β → 1 (1-β) KL(q ‖ p).
    /// </summary>
    /// <param name="p">[...,V].</param>
    /// <param name="q">[...,V].</param>
    /// <param name="β">Between 0 and 1, exclusive.</param>
    public static Tensor JensenShannon(Tensor p, Tensor q, double β)
    {
        var m = logaddexp(p.Plus(Math.Log(β)), q.Plus(Math.Log(1 - β)));
        return (Of(p, m) * Held(β)).Plus(Of(q, m) * Held(1 - β));
    }
}
