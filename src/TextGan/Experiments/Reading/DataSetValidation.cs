using TextGan.Data;

namespace TextGan.Experiments.Reading;

/// <summary>Checks data sets that are made of others.</summary>
static class DataSetValidation
{
    public static IEnumerable<Problem> Check(ExperimentOptions options)
    {
        foreach (var (place, name, of) in Ingredients(options))
        {
            var ingredient = options.Data.GetValueOrDefault(name);
            // None is made of what is made of others, so that there is no circle.
            if (ingredient is { MadeOf.Count: > 0 })
                yield return new(place, $"the data set {Wording.Quote(name)} is itself made of others; name those.");
            if (of is UnionDataOptions { Pairs: true } && ingredient is { HasRejected: false })
                yield return new(place,
                    $"the data set {Wording.Quote(name)} has no rejected texts, which \"pairs\" takes over from all sets.");
        }
        if (options.Prompts is { } prompts && options.Data.GetValueOrDefault(prompts) is UnionDataOptions)
            yield return new("$.prompts",
                $"the data set {Wording.Quote(prompts)} is made of several, each of which may write its prompts in its own way; name one " +
                "of them.");
    }

    /// <summary>The names of data sets that others are made of.</summary>
    public static IEnumerable<(string Place, string Name, DataOptions Of)> Ingredients(ExperimentOptions options) =>
        from set in options.Data
        from i in Enumerable.Range(0, set.Value.MadeOf.Count)
        select ($"$.data{Origin.Step(set.Key)}.data{(set.Value is UnionDataOptions ? $"[{i}]" : "")}", set.Value.MadeOf[i], set.Value);
}
