namespace TextGan.Metrics.LanguageModels;

/// <summary>
/// The language-model score of generated texts and the reverse one (Zhao et al. 2018, 1706.04223; Caccia et al. 1811.02549; Semeniuta et
/// al. 1806.04936), in nats per token.
/// </summary>
/// <param name="kind">Which language model.</param>
/// <param name="training">Real texts that a model learns from, each with its end token.</param>
/// <param name="heldOut">Real texts that the reverse score is of.</param>
/// <param name="encoder">Tokenizer and row length.</param>
/// <param name="device">Where neural models compute.</param>
public sealed class LanguageModelScores(
    ScoringModelKind kind, IReadOnlyList<int[]> training, IReadOnlyList<int[]> heldOut, TextEncoder encoder, Device device) : IDisposable
{
    readonly Lazy<ScoringModel> ofReal = new(() => ScoringModel.Learn(kind, training, encoder.Tokenizer, device));
    readonly Dictionary<int, double> reverseOfReal = []; // by the number of texts that the model learns from

    /// <summary>Nats per token of these texts under a model that has learnt from real texts.</summary>
    public double Score(IReadOnlyList<int[]> texts) => ofReal.Value.NatsPerToken(texts);

    /// <summary>Nats per token of held-out real texts under a model that has learnt from these.</summary>
    public double Reverse(IReadOnlyList<int[]> texts)
    {
        if (texts.All(text => text.Length == 0)) return double.NaN;
        using var model = ScoringModel.Learn(kind, texts, encoder.Tokenizer, device);
        return model.NatsPerToken(heldOut);
    }

    /// <summary>The score of the held-out texts themselves.</summary>
    public double ScoreOfReal => Score(heldOut);

    /// <summary>The reverse score of as many real texts; NaN where there are fewer.</summary>
    public double ReverseOfReal(int count)
    {
        if (count > training.Count) return double.NaN;
        if (!reverseOfReal.TryGetValue(count, out var known))
            reverseOfReal[count] = known = Reverse(MetricInput.Spread(training, count));
        return known;
    }

    public void Dispose()
    {
        if (ofReal.IsValueCreated) ofReal.Value.Dispose();
    }
}
