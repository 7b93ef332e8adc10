namespace TextGan.Generators;

/// <summary>The log-likelihood of a text under a language model, in nats, given its prompt.</summary>
/// <param name="Tokens">The tokens of the text that were read, without an end.</param>
/// <param name="OfTokens">Σ log p of these.</param>
/// <param name="OfEnd">log p of the end token behind them; null for a text that was cut, and where texts have no end.</param>
public readonly record struct TextLikelihood(int Tokens, double OfTokens, double? OfEnd)
{
    /// <summary>Tokens that are in memory at once.</summary>
    const int AtOnce = 1 << 14;

    /// <summary>log p of the text.</summary>
    public double Sum(bool withEnd = true) => OfTokens + (withEnd ? OfEnd ?? 0 : 0);

    /// <summary>log p over n^α, where the text has n tokens: α = 1 is the mean, 0 the sum. NaN without any token.</summary>
    public double PerToken(bool withEnd = true, double power = 1)
    {
        var count = Tokens + (withEnd && OfEnd is not null ? 1 : 0);
        return count == 0 ? double.NaN : Sum(withEnd) / (power == 1 ? count : Math.Pow(count, power));
    }

    /// <summary>The likelihood of each text, by teacher forcing; no gradient is kept.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="tokenizer">The tokenizer of its vocabulary.</param>
    /// <param name="texts">The ids of the texts, as many as the model reads.</param>
    /// <param name="temperature">What logits are divided by.</param>
    public static TextLikelihood[] Of(Generator model, ITokenizer tokenizer, IReadOnlyList<EncodedText> texts, double temperature = 1)
    {
        if (texts.Count == 0) return [];
        var hasEnd = tokenizer.EndId is not null;
        // No longer than the longest one: a model may read a hundred thousand tokens.
        var length = Math.Max(1, texts.Max(text => text.PromptLength + text.Kept + (hasEnd && text.HasEnd ? 1 : 0)));
        var device = Sampling.Sampler.DeviceOf(model);
        var found = new List<TextLikelihood>();
        foreach (var chunk in texts.Chunk(Math.Max(1, AtOnce / length)))
        {
            var flat = new long[chunk.Length * length];
            for (var i = 0; i < chunk.Length; i++) Fill(chunk[i], flat.AsSpan(i * length, length));
            var logs = LogProbabilities(model, flat, length, tokenizer.StartId, temperature, device);
            found.AddRange(chunk.Select((text, i) =>
            {
                var first = (i * length) + text.PromptLength;
                var end = first + text.Kept;
                return new TextLikelihood(text.Kept, logs[first..end].Sum(log => (double)log), hasEnd && text.HasEnd ? logs[end] : null);
            }));
        }
        return [.. found];

        void Fill(EncodedText text, Span<long> row)
        {
            row.Fill(tokenizer.PaddingId); // of which nothing is read where texts have no end
            text.Fill(hasEnd ? row : row[..(text.PromptLength + text.Kept)], tokenizer);
        }
    }

    static float[] LogProbabilities(Generator model, long[] ids, int length, int startId, double temperature, Device device)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var rows = tensor(ids, [ids.Length / length, length], int64).to(device); // [B,T]
        var logs = LogLikelihood.OfTokens(model, rows, startId, temperature); // [B,T]
        return logs.to_type(float32).cpu().contiguous().data<float>().ToArray();
    }
}
