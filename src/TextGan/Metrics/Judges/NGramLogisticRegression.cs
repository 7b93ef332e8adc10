namespace TextGan.Metrics.Judges;

/// <summary>
/// Logistic regression on which words and pairs of neighbouring words a text has (<see cref="NGramFeatures"/>), with an L2 penalty: a
/// judge of another kind than the discriminators, and the bag of words that a learnt judge should beat. The same texts in the same order
/// give the same bits.
/// </summary>
public sealed class NGramLogisticRegression
{
    /// <summary>The penalty where none is given.</summary>
    public const double DefaultPenalty = 1;

    const double Tolerance = 1e-5;

    readonly NGramFeatures features;
    readonly double[] weights; // one a feature, then the constant

    NGramLogisticRegression(NGramFeatures features, IReadOnlyList<(int, double)[]> examples, double penalty)
    {
        this.features = features;
        weights = Lbfgs.Minimize(new LogisticLoss(examples, penalty).Evaluate, new double[features.Count + 1], Tolerance);
    }

    /// <summary>Learns two classes: the score becomes ln p(positive) - ln p(negative).</summary>
    /// <param name="positive">Texts of one class.</param>
    /// <param name="negative">Texts of the other.</param>
    /// <param name="penalty">λ of λ/2 |w|², which is added to the sum over the texts of -ln p(class).</param>
    public static NGramLogisticRegression Fit(IReadOnlyList<string> positive, IReadOnlyList<string> negative,
        double penalty = DefaultPenalty)
    {
        var features = new NGramFeatures([.. positive, .. negative]);
        return new(features, [.. positive.Select(text => Example(text, 1)), .. negative.Select(text => Example(text, -1))], penalty);

        (int, double)[] Example(string text, double sign) => [.. features.Of(text).Append(features.Count).Select(k => (k, sign))];
    }

    /// <summary>
    /// Learns pairs as Bradley and Terry (1952) do: p(chosen is better) = σ(score of chosen - score of rejected), in which a constant would
    /// have no part, so that it is 0.
    /// </summary>
    /// <param name="pairs">A better and a worse text each.</param>
    /// <param name="penalty">λ of λ/2 |w|², which is added to the sum over the pairs of -ln p.</param>
    public static NGramLogisticRegression FitPairs(IReadOnlyList<(string Chosen, string Rejected)> pairs, double penalty = DefaultPenalty)
    {
        var features = new NGramFeatures(pairs.SelectMany(pair => (string[])[pair.Chosen, pair.Rejected]));
        return new(features, [.. pairs.Select(pair => Difference(features.Of(pair.Chosen), features.Of(pair.Rejected)))], penalty);

        static (int, double)[] Difference(int[] chosen, int[] rejected) =>
            [.. chosen.Except(rejected).Select(k => (k, 1.0)), .. rejected.Except(chosen).Select(k => (k, -1.0))];
    }

    /// <summary>The higher, the more like the positive or chosen texts; a logit.</summary>
    public double Score(string text) => weights[^1] + features.Of(text).Sum(k => weights[k]);
}
