using TextGan.Generators.Sampling;

namespace TextGan.Metrics.Embeddings;

/// <summary>Embeds texts by the hidden states of a language model.</summary>
static class MeanStates
{
    /// <summary>States in one forward pass at most.</summary>
    const int MostStates = 1 << 14;

    /// <summary>
    /// Of each text the mean of the last hidden states after the start token and after each of its tokens, so that an empty text has one,
    /// too: [N,H] float on the CPU.
    /// </summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="startId">What it reads before the first token.</param>
    /// <param name="texts">Token ids; what the model cannot read is cut.</param>
    public static Tensor Of(Generator model, int startId, IReadOnlyList<IReadOnlyList<int>> texts)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var device = Sampler.DeviceOf(model);
        var most = (model.MaximumLength ?? int.MaxValue) - 1;
        var width = 1 + Math.Min(most, texts.Select(text => text.Count).DefaultIfEmpty().Max()); // T
        var parts = new List<Tensor> { empty([0, model.HiddenSize], float32) };
        foreach (var chunk in texts.Chunk(Math.Max(1, MostStates / width)))
        {
            using var part = NewDisposeScope();
            var (ids, weights) = (new long[chunk.Length * width], new float[chunk.Length * width]);
            for (var b = 0; b < chunk.Length; b++)
            {
                var count = 1 + Math.Min(most, chunk[b].Count);
                for (var t = 0; t < count; t++)
                    (ids[b * width + t], weights[b * width + t]) = (t == 0 ? startId : chunk[b][t - 1], 1f / count);
            }
            var hidden = model.Hidden(tensor(ids, [chunk.Length, width], int64).to(device)); // [b,T,H]
            var mean = (hidden * tensor(weights, [chunk.Length, width, 1]).to(device)).sum(1); // [b,H]
            parts.Add(mean.to_type(float32).cpu().MoveToOuterDisposeScope());
        }
        return cat(parts).MoveToOuterDisposeScope();
    }
}
