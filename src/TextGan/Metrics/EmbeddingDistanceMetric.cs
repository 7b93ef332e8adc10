using TextGan.Metrics.Embeddings;

namespace TextGan.Metrics;

/// <summary>Distances between the embeddings of generated and real texts (<see cref="EmbeddingDistanceMetricOptions"/>).</summary>
/// <param name="nameEnd">Which encoder it is: the end of the values' names.</param>
/// <param name="encoder">Gives each text a vector; disposed of with this if it can be.</param>
/// <param name="heldOut">The real texts, and their tokens.</param>
/// <param name="training">Other real texts to compare these with, and their tokens; empty where there are none.</param>
/// <param name="limit">Generated texts at most, the first ones.</param>
/// <param name="seed">Of the clusters.</param>
public sealed class EmbeddingDistanceMetric(string nameEnd, SentenceEncoder encoder,
    (IReadOnlyList<string> Texts, IReadOnlyList<int[]> Tokens) heldOut, (IReadOnlyList<string> Texts, IReadOnlyList<int[]> Tokens) training,
    int limit, int seed) : IMetric, IDisposable
{
    readonly Dictionary<int, double[]> ofReal = []; // by the number of training texts
    (Tensor Vectors, double Bandwidth)? real; // [N,D] float64

    /// <summary>The names of its values: of generated texts, and of real ones.</summary>
    public static IReadOnlyList<string> NamesOf(string nameEnd) =>
        [.. ((string[])["", "-real"]).SelectMany(end => ((string[])["frechet", "mmd", "mauve"]).Select(name => $"{name}-{nameEnd}{end}"))];

    public int? Samples(int drawn) => Math.Min(drawn, limit);

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        using var gradients = no_grad();
        var count = Math.Min(limit, context.Texts.Count);
        var drawn = Distances([.. context.Texts.Take(count)], [.. context.Tokens.Take(count)]);
        if (!ofReal.TryGetValue(count, out var yardstick))
            ofReal[count] = yardstick = training.Texts.Count < count ? [double.NaN, double.NaN, double.NaN]
                : Distances(MetricInput.Spread(training.Texts, count), MetricInput.Spread(training.Tokens, count));
        return NamesOf(nameEnd).Zip([.. drawn, .. yardstick]).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>Fréchet distance, squared MMD and area under the divergence frontier of these texts from the held-out ones.</summary>
    double[] Distances(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens)
    {
        using var scope = NewDisposeScope();
        if (real is null)
        {
            var vectors = Encode(heldOut.Texts, heldOut.Tokens);
            real = (vectors.DetachFromDisposeScope(), MaximumMeanDiscrepancy.MedianDistance(vectors));
        }
        var (those, bandwidth) = real.Value;
        if (texts.Count < 2) return [double.NaN, double.NaN, double.NaN];
        var these = Encode(texts, tokens);
        return [FrechetDistance.Of(these, those),
            bandwidth > 0 ? MaximumMeanDiscrepancy.Squared(these, those, bandwidth) : double.NaN,
            DivergenceFrontier.Area(these, those, seed)];
    }

    /// <summary>[N,D] float64.</summary>
    Tensor Encode(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens)
    {
        var vectors = encoder.Encode(texts, tokens);
        PluginComponent.OfBuilt(encoder)?.Floats(encoder, "vectors of texts", vectors, [texts.Count, -1], CPU, nameof(encoder.Encode));
        return vectors.to_type(float64);
    }

    public string WhyMissing(string name) => real is { Bandwidth: 0 } && name.StartsWith("mmd", StringComparison.Ordinal)
        ? "most held-out texts have the same vector"
        : name.EndsWith("-real", StringComparison.Ordinal) ? "there are fewer training texts than samples"
        : "there are fewer than two samples";

    public void Dispose()
    {
        real?.Vectors.Dispose();
        (encoder as IDisposable)?.Dispose();
    }
}
