using TextGan.Data;
using TextGan.Experiments;

namespace TextGan.Runs;

/// <summary>How many of the texts that gold judges learn from training reads, too, whatever their files are called.</summary>
static class GoldTexts
{
    const double WarnFrom = 0.01;

    /// <exception cref="InvalidInputException">All texts of a set that a gold judge learns from are read by training.</exception>
    public static void Check(ExperimentOptions options, IReadOnlyDictionary<string, DataSet> sets, Action<string> warn)
    {
        var judges = GoldData.LearntByJudges(options).DistinctBy(one => one.Name).ToArray();
        if (judges.Length == 0) return;
        var training = GoldData.ReadByTraining(options).Select(one => one.Name).Distinct()
            .SelectMany(name => Texts(sets[name])).ToHashSet();
        foreach (var (place, name) in judges)
        {
            var share = Texts(sets[name]).Average(text => training.Contains(text) ? 1.0 : 0);
            if (share == 1)
                throw new InvalidInputException(place,
                    $"training reads all texts of the data set '{name}', if under another name; a judge which learns from them is not " +
                    $"independent of the learnt rewards.");
            if (share >= WarnFrom && sets[name].Source is null) // what the program draws repeats sentences by nature
                warn($"{share * 100:0.0}% of the texts of '{name}', from which a gold judge learns, are read by training, too");
        }
    }

    static IEnumerable<UInt128> Texts(DataSet set) =>
        set.Train.Texts.Concat(set.Train.Rejected ?? []).Select(HeldOutTexts.HashOf);
}
