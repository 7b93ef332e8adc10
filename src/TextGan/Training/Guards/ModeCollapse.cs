using TextGan.Metrics;

namespace TextGan.Training.Guards;

/// <summary>Whether samples repeat each other more than texts of their kind do.</summary>
/// <param name="options">The limits.</param>
/// <param name="real">What the samples are compared with; null compares them with texts that are all different.</param>
public sealed class ModeCollapse(ModeCollapseGuardOptions options, RealTexts? real)
{
    /// <summary>Fewer samples say nothing: chance repeats too many of them.</summary>
    public const int LeastSamples = 20;

    /// <summary>Two of a few samples are equal by chance, which is soon more than a twentieth of them.</summary>
    const int LeastEqual = 3;

    TextCounts? counts; // of as many real texts as there were samples

    /// <summary>Every limit that the samples exceed, with the figures, as one clause; null where they exceed none.</summary>
    public string? Find(IReadOnlyList<int[]> samples)
    {
        if (samples.Count < LeastSamples) return null;
        string[] found = [.. Repetition(samples), .. Narrowness(samples)];
        return found.Length == 0 ? null : string.Join("; ", found) + ",";
    }

    IEnumerable<string> Repetition(IReadOnlyList<int[]> samples)
    {
        if (counts?.Total != samples.Count) counts = real is null ? null : new TextCounts(real.Draw(samples.Count));
        var drawn = new TextCounts(samples);
        var (text, count) = drawn.Commonest;
        var (share, realShare) = (drawn.Share(text), counts?.Share(text) ?? 0);
        var limit = Math.Max(options.Commonest, Math.Min(5 * realShare, realShare + 0.9 * (1 - realShare)));
        if (share > limit && count >= LeastEqual)
            yield return $"one text makes up {Percent(share)} of {samples.Count:N0} samples and {Percent(realShare)} of as many real texts, over the limit of {Percent(limit)}";
        var (repeated, realRepeated) = (drawn.Duplicates, counts?.Duplicates ?? 0);
        if (repeated > realRepeated + options.Duplicates)
            yield return $"{Percent(repeated)} of {samples.Count:N0} samples and {Percent(realRepeated)} of as many real texts repeat an earlier one, over the limit of {Percent(realRepeated + options.Duplicates)}";
    }

    IEnumerable<string> Narrowness(IReadOnlyList<int[]> samples)
    {
        var distinct = DistinctNGrams.Shares(samples, options.Order)[options.Order - 1];
        if (distinct < options.Minimum) // NaN, where no text has n tokens, is not
            yield return $"distinct-{options.Order} of the evaluation's texts is {distinct:G4}, under {options.Minimum:G4}";
    }

    static string Percent(double share) => $"{share * 100:0.#}%";
}
