using TextGan.Metrics;

namespace TextGan.Training.Guards;

/// <summary>Whether samples repeat each other more than texts of their kind do.</summary>
/// <param name="options">The limits.</param>
/// <param name="real">What the samples are compared with; null compares them with texts that are all different.</param>
public sealed class ModeCollapse(ModeCollapseGuardOptions options, RealTexts? real)
{
    /// <summary>Fewer samples say nothing: chance alone makes some of them equal.</summary>
    public const int LeastSamples = 20;

    TextRepetition? reference; // of as many real texts as there were samples

    /// <summary>Every limit that the samples exceed, with the figures, as one clause; null where they exceed none.</summary>
    public string? Find(IReadOnlyList<int[]> samples)
    {
        if (samples.Count < LeastSamples) return null;
        string[] found = [.. Repetition(samples), .. Narrowness(samples)];
        return found.Length == 0 ? null : string.Join("; ", found) + ",";
    }

    IEnumerable<string> Repetition(IReadOnlyList<int[]> samples)
    {
        if (reference?.Texts != samples.Count)
            reference = real is null ? new(samples.Count, 1.0 / samples.Count, 0) : TextRepetition.Of(real.Draw(samples.Count));
        var drawn = TextRepetition.Of(samples);
        // Five times a large share is more than all: then nine tenths of the way to all is too much.
        var mostCommon = Math.Max(options.Commonest,
            Math.Min(5 * reference.Commonest, reference.Commonest + 0.9 * (1 - reference.Commonest)));
        if (drawn.Commonest > mostCommon)
            yield return $"one text makes up {Percent(drawn.Commonest)} of {samples.Count:N0} samples (the commonest of as many real " +
                $"texts {Percent(reference.Commonest)}), over {Percent(mostCommon)}";
        var mostDuplicates = reference.Duplicates + options.Duplicates;
        if (drawn.Duplicates > mostDuplicates)
            yield return $"{Percent(drawn.Duplicates)} of {samples.Count:N0} samples repeat an earlier one (of as many real texts " +
                $"{Percent(reference.Duplicates)}), over {Percent(mostDuplicates)}";
    }

    IEnumerable<string> Narrowness(IReadOnlyList<int[]> samples)
    {
        var distinct = DistinctNGrams.Shares(samples, options.Order)[options.Order - 1];
        if (distinct < options.Minimum) // NaN, where no text has n tokens, is not
            yield return $"distinct-{options.Order} of the evaluation's texts is {distinct:G4}, under {options.Minimum:G4}";
    }

    static string Percent(double share) => $"{share * 100:0.#}%";
}
