using TextGan.Data;
using TextGan.Metrics.Judges;

namespace TextGan.Training;

/// <summary>
/// What simple judges say of a data set's held-out pairs: a reward model should do better than they do. They learn from the same training
/// pairs, from the whole texts, without prompts.
/// </summary>
public sealed class PairBaselines
{
    /// <summary>More training pairs than this are not read: the memory could not hold the texts of a streamed set.</summary>
    const int MostPairs = 100_000;

    readonly (string Name, double[] Margins)[] judges;

    PairBaselines((string, double[])[] judges) => this.judges = judges;

    /// <summary>
    /// "BagOfWords": logistic regression on words and pairs of words (<see cref="NGramLogisticRegression"/>). "Length": the text with more
    /// words, or the one with fewer where that is the chosen one in most training pairs.
    /// </summary>
    /// <param name="data">Its pairs.</param>
    /// <param name="encoder">Pairs that it makes equal rows of are left out, as discriminators do.</param>
    public static PairBaselines Fit(DataSet data, TextEncoder encoder)
    {
        (string Chosen, string Rejected)[] train = [.. Pairs(data.Train, encoder).Take(MostPairs)];
        (string Chosen, string Rejected)[] heldOut = [.. Pairs(data.HeldOut, encoder)];
        var bag = NGramLogisticRegression.FitPairs(train);
        var direction = train.Sum(pair => Math.Sign(Longer(pair))) < 0 ? -1.0 : 1;
        return new([
            ("BagOfWords", [.. heldOut.Select(pair => bag.Score(pair.Chosen) - bag.Score(pair.Rejected))]),
            ("Length", [.. heldOut.Select(pair => direction * Longer(pair))]),
        ]);
    }

    /// <summary>
    /// "heldOutAccuracyBagOfWords", "heldOutAccuracyLength": the share of pairs whose chosen text they score higher, a tie counting half.
    /// "mcNemarBagOfWords", "mcNemarLength": the p value of <see cref="McNemarTest"/> between the discriminator and each; pairs that one
    /// of the two finds equal are left out of it.
    /// </summary>
    /// <param name="rows">The numbers of n held-out pairs.</param>
    /// <param name="margins">[n]: how much higher the discriminator scores each one's chosen text.</param>
    public IEnumerable<(string Name, double Value)> Compare(long[] rows, double[] margins)
    {
        foreach (var (name, all) in judges)
        {
            double[] own = [.. rows.Select(row => all[row])];
            yield return ($"heldOutAccuracy{name}", own.Average(margin => (Math.Sign(margin) + 1) / 2.0));
            yield return ($"mcNemar{name}", McNemarTest.PValue(
                margins.Zip(own).Count(pair => pair.First > 0 && pair.Second < 0),
                margins.Zip(own).Count(pair => pair.First < 0 && pair.Second > 0)));
        }
    }

    static int Longer((string Chosen, string Rejected) pair) => Words(pair.Chosen) - Words(pair.Rejected);

    static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>The pairs whose rows differ, in their order: those that <see cref="EncodedSide"/> keeps.</summary>
    static IEnumerable<(string Chosen, string Rejected)> Pairs(DataSplit split, TextEncoder encoder)
    {
        var (chosen, rejected, number) = (new long[encoder.Length], new long[encoder.Length], 0);
        using var others = split.Rejected!.GetEnumerator();
        using var prompts = split.Prompts?.GetEnumerator();
        foreach (var text in split.Texts)
        {
            others.MoveNext();
            prompts?.MoveNext();
            encoder.EncodeRow(text, chosen, prompts?.Current, split.HasControls, split.Drawn?[number]);
            encoder.EncodeRow(others.Current, rejected, prompts?.Current, split.HasControls, split.DrawnRejected?[number]);
            number++;
            if (!chosen.AsSpan().SequenceEqual(rejected)) yield return (text, others.Current);
        }
    }
}
