using System.Globalization;
using TextGan.Data;

namespace TextGan.Metrics.Judges;

/// <summary>Scores texts apart from the discriminators, to see whether these are fooled: the higher, the better.</summary>
public abstract class GoldJudge
{
    /// <summary>Learns what it scores by; called once, before the first score, so that experiments are checked without it.</summary>
    public virtual void Learn()
    {
    }

    /// <summary>A score for each text.</summary>
    public abstract IReadOnlyList<double> Scores(IReadOnlyList<string> texts);

    /// <summary>Whether a score says by definition (1 or 0) whether a text has an attribute; else it is an estimate.</summary>
    public virtual bool IsTruth => false;

    /// <summary>How good it is, in words, from texts that it has not learnt from; null where nothing needs to be said.</summary>
    public virtual string? Finding(DataSplit heldOut) => PairsOf(heldOut);

    /// <summary>The share of pairs whose chosen text scores higher, a tie counting half, with its interval; null without pairs.</summary>
    string? PairsOf(DataSplit split)
    {
        if (split.Rejected is not { } rejected) return null;
        var right = Scores(split.Texts).Zip(Scores(rejected), (chosen, other) => (Math.Sign(chosen - other) + 1) / 2.0).Average();
        var (low, high) = WilsonInterval.Of(right, split.Texts.Count);
        return string.Create(CultureInfo.InvariantCulture,
            $"right on {right:0.000} of {Amount.Of(split.Texts.Count, "held-out pair")} (95% interval {low:0.000} to {high:0.000})");
    }
}
