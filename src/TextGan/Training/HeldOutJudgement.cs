using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Metrics;

namespace TextGan.Training;

/// <summary>The figures of a discriminator on texts that it has not learnt from, from its scores.</summary>
public static class HeldOutJudgement
{
    /// <summary>
    /// "heldOutScoreReal", "heldOutScoreGenerated", "heldOutScoreRejected": mean scores. "heldOutAccuracyReal" and so on: the share on the
    /// right side of the loss's threshold, one on it counting half; a threshold that lies between both sides' means is set by as many
    /// opponents as there are real texts, in the discriminator's shares. "heldOutAccuracyPairs": the share of pairs whose chosen text
    /// scores higher, a tie counting half, with the ends of its 95% interval, "heldOutAccuracyPairsLow" and "heldOutAccuracyPairsHigh"
    /// (<see cref="WilsonInterval"/>), and the number of pairs, "heldOutPairs". What there are no
    /// texts for is left out, and without real texts nothing is right or wrong.
    /// </summary>
    /// <param name="loss">The discriminator's loss.</param>
    /// <param name="opponents">What it learns against.</param>
    /// <param name="real">[N] scores of held-out texts; null without any.</param>
    /// <param name="generated">[G] scores of generated texts.</param>
    /// <param name="rejected">[N] scores of the held-out texts' rejected partners; null without any.</param>
    public static Dictionary<string, double> Figures(
        AdversarialLoss loss, OpponentOptions opponents, Tensor? real, Tensor generated, Tensor? rejected)
    {
        using var scope = NewDisposeScope();
        var figures = new Dictionary<string, double>();
        var known = real is null ? null : Output(real);
        var threshold = known is null ? null : loss.Threshold(known, Output(Opposing(opponents, (int)real!.shape[0], generated, rejected)));
        Side("Real", known, isReal: true);
        Side("Generated", Output(generated), isReal: false);
        Side("Rejected", rejected is null ? null : Output(rejected), isReal: false);
        if (known is not null && rejected is not null)
        {
            figures["heldOutAccuracyPairs"] = Number(AdversarialLoss.PairAccuracy(known, Output(rejected)));
            figures["heldOutPairs"] = real!.shape[0];
            (figures["heldOutAccuracyPairsLow"], figures["heldOutAccuracyPairsHigh"]) =
                WilsonInterval.Of(figures["heldOutAccuracyPairs"], figures["heldOutPairs"]);
        }
        return figures;

        void Side(string side, DiscriminatorOutput? output, bool isReal)
        {
            if (output is null) return;
            figures[$"heldOutScore{side}"] = Number(output.Logits.mean());
            if (threshold is not null) figures[$"heldOutAccuracy{side}"] = Number(AdversarialLoss.Accuracy(output, isReal, threshold));
        }
    }

    /// <summary>
    /// Adds to the figures of held-out pairs how well the discriminator knows the pairs that it learnt from: "trainingAccuracyPairs", the
    /// share of training pairs whose chosen text scores higher, a tie counting half; "trainingPairs", their number; and "gapPairs", that
    /// share minus "heldOutAccuracyPairs", with the ends of its 95% interval, "gapPairsLow" and "gapPairsHigh"
    /// (<see cref="WilsonInterval.OfDifference"/>).
    /// </summary>
    /// <param name="figures">Those of <see cref="Figures"/>.</param>
    /// <param name="chosen">[N] scores of the chosen texts of training pairs.</param>
    /// <param name="rejected">[N] scores of their rejected partners.</param>
    public static void AddGap(Dictionary<string, double> figures, Tensor chosen, Tensor rejected)
    {
        using var scope = NewDisposeScope();
        var (known, pairs) = (Number(AdversarialLoss.PairAccuracy(Output(chosen), Output(rejected))), chosen.shape[0]);
        var heldOut = figures["heldOutAccuracyPairs"];
        (figures["trainingAccuracyPairs"], figures["trainingPairs"], figures["gapPairs"]) = (known, pairs, known - heldOut);
        (figures["gapPairsLow"], figures["gapPairsHigh"]) =
            WilsonInterval.OfDifference(known, pairs, heldOut, figures["heldOutPairs"]);
    }

    /// <summary>Row numbers of at most <paramref name="most"/> of so many rows, rising, at even distances.</summary>
    public static long[] Spread(long rows, int most)
    {
        var count = Math.Min(rows, most);
        return [.. Enumerable.Range(0, (int)count).Select(i => (long)((Int128)i * rows / count))];
    }

    /// <summary>
    /// The opponents of <paramref name="count"/> real texts as in a batch to learn from, rejected ones first; fewer where there are not as
    /// many.
    /// </summary>
    static Tensor Opposing(OpponentOptions opponents, int count, Tensor generated, Tensor? rejected)
    {
        var share = rejected is null ? 0 : opponents.RejectedOf(count);
        var made = Math.Min(count - share, (int)generated.shape[0]);
        return share == 0 ? generated.narrow(0, 0, made) : cat([rejected!.narrow(0, 0, share), generated.narrow(0, 0, made)]);
    }

    /// <summary>A score for each text as an output [N,1].</summary>
    static DiscriminatorOutput Output(Tensor scores) => new(scores.unsqueeze(1));

    static double Number(Tensor value) => value.to_type(float64).item<double>();
}
