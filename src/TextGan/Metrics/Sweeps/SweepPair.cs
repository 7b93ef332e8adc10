namespace TextGan.Metrics.Sweeps;

/// <summary>Two figures of texts that are drawn at one setting: one of their quality, one of their diversity.</summary>
/// <param name="Name">What sums and areas are called after.</param>
/// <param name="Quality">The figure of quality.</param>
/// <param name="Diversity">The figure of diversity, lower is better.</param>
/// <param name="IsBleu">Whether both are BLEU, of 0 to 1, and more quality is better; else both are nats per token.</param>
public sealed record SweepPair(string Name, string Quality, string Diversity, bool IsBleu)
{
    const string Oracle = "nll-oracle", Test = "nll-test", Bleu = "bleu-", SelfBleu = "self-bleu-", Score = "lm-score-";
    const string Reverse = "reverse-lm-score-";

    /// <summary>"nll-oracle" against "nll-test".</summary>
    public static SweepPair OfLikelihood { get; } = new("likelihood", Oracle, Test, IsBleu: false);

    /// <summary>"bleu-N" against "self-bleu-N".</summary>
    public static SweepPair OfBleu(int order) => new($"{Bleu}{order}", $"{Bleu}{order}", $"{SelfBleu}{order}", IsBleu: true);

    /// <summary>"lm-score-MODEL" against "reverse-lm-score-MODEL".</summary>
    public static SweepPair OfLanguageModel(string model) =>
        new($"lm-score-{model}", $"{Score}{model}", $"{Reverse}{model}", IsBleu: false);

    /// <summary>The pair of which a figure tells the quality; null of any other.</summary>
    public static SweepPair? OfQuality(string figure) => figure == Oracle ? OfLikelihood
        : figure.StartsWith(Bleu, StringComparison.Ordinal) && int.TryParse(figure[Bleu.Length..], out var order) ? OfBleu(order)
        : figure.StartsWith(Score, StringComparison.Ordinal) ? OfLanguageModel(figure[Score.Length..]) : null;

    /// <summary>The sum of both as losses, lower is better: of BLEU, self-BLEU minus BLEU.</summary>
    public double Sum(SweepPoint point) => point.Values[Diversity] + (IsBleu ? -1 : 1) * point.Values[Quality];

    /// <summary>
    /// The share of the box between the ideal point and the reference point that the points dominate, from 0 to 1, higher is better. Of
    /// BLEU the box is that of all values: the ideal is BLEU 1 and self-BLEU 0, the reference BLEU 0 and self-BLEU 1. Of nats it reaches
    /// from 0 to the reference in both figures. Points are not joined: a curve of more points dominates more.
    /// </summary>
    /// <param name="points">The points; those with a value that is not finite dominate nothing.</param>
    /// <param name="reference">The worst value that counts, in nats per token.</param>
    public double Area(IEnumerable<SweepPoint> points, double reference)
    {
        var side = IsBleu ? 1 : reference;
        var gains = points.Where(Has).Select(IReadOnlyList<double> (point) =>
            [IsBleu ? point.Values[Quality] : side - point.Values[Quality], side - point.Values[Diversity]]);
        return Hypervolume.Of(gains, [0, 0]) / (side * side);
    }

    /// <summary>The point of the lowest sum; null without one that has finite values.</summary>
    public SweepPoint? Best(IEnumerable<SweepPoint> points) => points.Where(Has).MinBy(Sum);

    /// <summary>Whether both values of a point are there and finite.</summary>
    public bool Has(SweepPoint point) => double.IsFinite(point.Values.GetValueOrDefault(Quality, double.NaN))
        && double.IsFinite(point.Values.GetValueOrDefault(Diversity, double.NaN));
}
