namespace TextGan.Generators;

/// <summary>
/// How likely a model finds given tokens, as tensors that a gradient may cross; <see cref="TextLikelihood"/> has the numbers of texts.
/// </summary>
public static class LogLikelihood
{
    /// <summary>
    /// log p(x_t | x_&lt;t) in nats of every token, differentiable in the parameters, with the logits divided by a temperature. Nothing is
    /// masked.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="startId">The token before the first one.</param>
    /// <param name="temperature">Above 0; 1 leaves the model as it is.</param>
    /// <returns>[B,T].</returns>
    public static Tensor OfTokens(Generator model, Tensor ids, int startId, double temperature = 1)
    {
        using var scope = NewDisposeScope();
        if (temperature == 1) return TeacherForcing.LogProbabilities(model, ids, startId).MoveToOuterDisposeScope();
        var hidden = model.Hidden(TeacherForcing.Inputs(ids, startId)); // [B,T,H]
        var losses = CrossEntropy.Each(new TemperedLogits(model, temperature), hidden.flatten(0, 1), ids.flatten()); // [B·T]
        return (-losses).view(ids.shape).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Σ_t log p_t / n^α of each text, [B], over its n tokens that count: α = 0 is the log-likelihood, 1 its mean per token. A sum is
    /// higher for shorter texts; powers between are those of beam searches (Wu et al. 1609.08144, section 7, without their constant 5). 0
    /// without any token.
    /// </summary>
    /// <param name="logs">[B,T].</param>
    /// <param name="counted">[B,T]: 1 where a token counts, else 0.</param>
    /// <param name="lengthPower">α.</param>
    public static Tensor OfTexts(Tensor logs, Tensor counted, double lengthPower = 1)
    {
        using var scope = NewDisposeScope();
        var sums = (logs * counted).sum(1); // [B]
        if (lengthPower == 0) return sums.MoveToOuterDisposeScope();
        var lengths = counted.sum(1).clamp_min(Held(1)); // [B]
        return (sums / (lengthPower == 1 ? lengths : lengths.pow(Held(lengthPower)))).MoveToOuterDisposeScope();
    }
}
