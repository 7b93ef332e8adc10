namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>What is logged of the divergence from the reference, whatever it is used for.</summary>
static class DivergenceFigures
{
    /// <summary>Nats per text: what <see cref="AdaptiveKlWeight"/> reads.</summary>
    public const string PerText = "reference/klText";

    const string PerToken = "reference/klToken";

    /// <summary>The mean over the tokens that count, and their sum over the texts that have some.</summary>
    /// <param name="divergence">[B,T]: log p - log ref of drawn tokens, or the divergence over the vocabulary.</param>
    /// <param name="response">[B,T].</param>
    public static Dictionary<string, Tensor> Of(Tensor divergence, Tensor response)
    {
        using var _ = no_grad();
        var sum = (divergence * response).sum();
        return new()
        {
            [PerToken] = sum / response.sum().clamp_min(Held(1)),
            [PerText] = sum / response.amax([1L]).sum().clamp_min(Held(1)),
        };
    }
}
