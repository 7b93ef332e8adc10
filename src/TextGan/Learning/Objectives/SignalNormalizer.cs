using static TextGan.Native.KeptTensor;

namespace TextGan.Learning.Objectives;

/// <summary>
/// z = (s - mean)/deviation of a signal, by the statistics of earlier batches (of the first batch at the first call), of the batch, or of
/// each group; they are constants for the gradient. Deviations are those of a population: sqrt(mean of squares).
/// </summary>
/// <param name="decay">Share of the old statistics that is kept, for those of earlier batches.</param>
/// <param name="statistics">Over what they are taken.</param>
/// <param name="smallestDeviation">The least that is divided by.</param>
/// <param name="divides">False: the mean is subtracted, and that is all.</param>
public sealed class SignalNormalizer(
    double decay, NormalizationStatistics statistics = NormalizationStatistics.Earlier, double smallestDeviation = 1e-4,
        bool divides = true) : IStateful, IDisposable
{
    // Kept where the signal lives, so that a step reads nothing back from the device.
    Tensor? mean;
    Tensor? variance;

    /// <summary>A signal [B] or [B,T] → the same shape, normalised.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="counted">Of the same shape, 1 at what enters the statistics; null for all.</param>
    /// <param name="groupSize">G: rows b·G to b·G + G - 1 are a group; null: all rows are one.</param>
    public Tensor Normalize(Tensor signal, Tensor? counted = null, int? groupSize = null)
    {
        using var scope = NewDisposeScope();
        var normalized = statistics switch
        {
            NormalizationStatistics.Earlier => ByEarlier(signal, counted),
            NormalizationStatistics.Batch => ByOwn(signal, counted, signal.shape[0]),
            _ => ByOwn(signal, counted, groupSize ?? signal.shape[0]),
        };
        return normalized.MoveToOuterDisposeScope();
    }

    Tensor ByEarlier(Tensor signal, Tensor? counted)
    {
        var (batchMean, batchVariance) = Moments(signal.detach(), counted, null);
        var finite = batchMean.Plus(batchVariance).isfinite(); // [] bool: of a batch that is not, nothing may stay in the statistics
        if (mean is null || variance is null)
        {
            Keep(ref mean, where(finite, batchMean, zeros_like(batchMean)));
            Keep(ref variance, where(finite, batchVariance, ones_like(batchVariance)));
        }
        var normalized = Scaled(signal - mean, variance);
        Keep(ref mean, where(finite, (mean * Held(decay)).Plus(batchMean * Held(1 - decay)), mean));
        Keep(ref variance, where(finite, (variance * Held(decay)).Plus(batchVariance * Held(1 - decay)), variance));
        return normalized;
    }

    Tensor ByOwn(Tensor signal, Tensor? counted, long group)
    {
        var grouped = signal.reshape(signal.shape[0] / group, -1); // [B/G,G] or [B/G,G·T]
        var (ofGroups, variances) = Moments(grouped.detach(), counted?.reshape(grouped.shape), [1L]); // [B/G,1]
        return Scaled(grouped - ofGroups, variances).reshape(signal.shape);
    }

    Tensor Scaled(Tensor difference, Tensor squared) => divides ? difference / squared.sqrt().clamp_min(Held(smallestDeviation))
        : difference;

    /// <summary>Mean and variance over <paramref name="dimensions"/> (null: all).</summary>
    static (Tensor Mean, Tensor Variance) Moments(Tensor signal, Tensor? counted, long[]? dimensions)
    {
        using var _ = no_grad();
        counted ??= ones_like(signal);
        var count = Sum(counted).clamp_min(Held(1));
        var mean = Sum(signal * counted) / count;
        return (mean, Sum((signal - mean).Squared() * counted) / count);

        Tensor Sum(Tensor values) => dimensions is null ? values.sum() : values.sum(dimensions, keepdim: true);
    }

    public void Save(StateBag bag)
    {
        if (mean is null || variance is null) return;
        bag.Put("mean", mean);
        bag.Put("variance", variance);
    }

    public void Load(StateBag bag)
    {
        Keep(ref mean, bag.Has("mean") ? bag.GetTensor("mean").clone() : null);
        Keep(ref variance, bag.Has("mean") ? bag.GetTensor("variance").clone() : null);
    }

    public void Dispose()
    {
        mean?.Dispose();
        variance?.Dispose();
    }
}
