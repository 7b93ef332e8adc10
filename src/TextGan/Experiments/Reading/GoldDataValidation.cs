namespace TextGan.Experiments.Reading;

/// <summary>Rejects gold judges that would learn from what training reads, by the names of data sets and files.</summary>
static class GoldDataValidation
{
    public static IEnumerable<Problem> Check(ExperimentOptions options)
    {
        var training = GoldData.ReadByTraining(options).ToArray();
        foreach (var (place, name) in GoldData.LearntByJudges(options))
        {
            if (training.FirstOrDefault(one => one.Name == name) is { Place: { } reader })
                yield return new(place,
                    $"the data set '{name}' is read by training ({reader}), so that a judge which learns from it is not independent of " +
                    $"the learnt rewards; name a data set that nothing else learns from.");
            else if (training.Select(one => SharedFile(options, name, one.Name)).FirstOrDefault(found => found is not null) is { } shared)
                yield return new(place, shared);
        }
    }

    /// <summary>Both may measure with the same held-out file; no other may be common.</summary>
    static string? SharedFile(ExperimentOptions options, string gold, string other)
    {
        var shared = from own in FilesOf(options, gold) from read in FilesOf(options, other)
                     where own.File == read.File && !(own.IsHeldOut && read.IsHeldOut) select own.Written;
        return shared.FirstOrDefault() is not { } file ? null
            : $"its file '{file}' is also one of the data set '{other}', which training reads; a judge which learns from it is not " +
                $"independent of the learnt rewards. Only held-out files may be common.";
    }

    static IEnumerable<(string File, string Written, bool IsHeldOut)> FilesOf(ExperimentOptions options, string name) =>
        !options.Data.TryGetValue(name, out var data) ? []
            : NamedFiles.Of(data, "", KindRegistry.BuiltIn).Where(one => !one.File.Contains('\0')).Select(one =>
                (Path.GetFullPath(one.File), one.File, one.Place.Contains("heldOut", StringComparison.OrdinalIgnoreCase)));
}
