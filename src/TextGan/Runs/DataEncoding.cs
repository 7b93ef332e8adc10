using TextGan.Data;
using TextGan.Native;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>Encodes the data sets of an experiment, each text once, and finds out what that does to them.</summary>
/// <param name="sets">The data sets by name.</param>
/// <param name="encoder">Tokenizer and row length.</param>
/// <param name="isLearnt">Whether the vocabulary was learnt from the training texts of these sets.</param>
internal sealed class DataEncoding(IReadOnlyDictionary<string, DataSet> sets, TextEncoder encoder, bool isLearnt)
{
    readonly VocabularyUse? vocabulary = isLearnt ? new VocabularyUse(encoder) : null;
    readonly Dictionary<string, HeldOutTexts> heldOutTexts = [];
    readonly List<DataFinding> findings = [];

    /// <summary>Rows and counts by data set name.</summary>
    public (Dictionary<string, EncodedSet> Encoded, DataReport Report) Run()
    {
        using var unfinished = new Unfinished();
        // Training texts are looked up among the held-out ones while they are encoded.
        var heldOut = sets.ToDictionary(set => set.Key, set => unfinished.Add(HeldOut(set.Key, set.Value)));
        var train = sets.ToDictionary(set => set.Key, set => unfinished.Add(Train(set.Key, set.Value, heldOut[set.Key])));
        var isCut = sets.Any(set => !IsDrawn(set.Value) && train[set.Key].Counts is var counts
            && counts.Texts.Cut + (counts.Rejected?.Cut ?? 0) + (counts.CutPrompts ?? 0) > 0);
        if (isCut && vocabulary?.OnlyCutAway is > 0 and var unused)
            findings.Add(DataFindings.UnusedVocabulary(unused, encoder.Tokenizer.VocabularySize));
        return unfinished.Finish((
            sets.Keys.ToDictionary(name => name, name => EncodedSet.Of(name, train[name], heldOut[name])),
            new DataReport(findings,
                sets.ToDictionary(set => set.Key, set => new DataSetCounts(train[set.Key].Counts, heldOut[set.Key].Counts)
                {
                    Labels = set.Value.Labels,
                }))));
    }

    /// <summary>What the program draws itself repeats sentences by nature, and whoever gives it a short length knows what is cut.</summary>
    static bool IsDrawn(DataSet set) => set.Source is not null || set.IsStandIn;

    EncodedSide HeldOut(string name, DataSet set)
    {
        if (IsDrawn(set) || set.HeldOut.Texts.Count == 0) return EncodedSide.Of(set.HeldOut, encoder);
        var texts = heldOutTexts[name] = new HeldOutTexts();
        return EncodedSide.Of(set.HeldOut, encoder, (text, _) => texts.Add(HeldOutTexts.HashOf(text)));
    }

    EncodedSide Train(string name, DataSet set, EncodedSide heldOut)
    {
        var isDrawn = IsDrawn(set);
        var side = EncodedSide.Of(set.Train, encoder, (text, encoded) =>
        {
            vocabulary?.Add(encoded);
            if (isDrawn || heldOutTexts.Count == 0) return;
            var hash = HeldOutTexts.HashOf(text);
            foreach (var texts in heldOutTexts.Values) texts.LookUp(hash);
        });
        findings.AddRange(DataFindings.Of(name, new DataSetCounts(side.Counts, heldOut.Counts), encoder, isDrawn));
        foreach (var (other, texts) in heldOutTexts)
        {
            if (texts.Found > 0) findings.Add(DataFindings.HeldOutInTraining(other, name, texts));
            texts.Forget();
        }
        return side;
    }
}
