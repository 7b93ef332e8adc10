using TextGan.Discriminators;
using TextGan.Learning.Objectives.Combiners;

namespace TextGan.Experiments.Reading;

/// <summary>Checks what combiners need of the discriminators.</summary>
static class CombinerValidation
{
    public static IEnumerable<Problem> Check(ExperimentOptions options, IReadOnlyCollection<string> declared) =>
    [
        .. options.Combiner.NeedsNonNegativeLosses ? Losses(options.Discriminators) : [],
        .. options.Combiner is LagrangianCombinerOptions combiner ? Limits(combiner, options.Discriminators, declared) : [],
    ];

    static IEnumerable<Problem> Losses(IReadOnlyList<DiscriminatorOptions> discriminators)
    {
        for (var k = 0; k < discriminators.Count; k++)
        {
            if (discriminators[k].Weight != 0 && !discriminators[k].Loss.IsNonNegative)
                yield return new($"$.discriminators[{k}].loss",
                    "the generator's part of this loss can be negative, but the combiner needs losses that cannot; take " +
                    "\"non-saturating\", \"least-squares\" or \"relativistic\", or another combiner.");
        }
    }

    static IEnumerable<Problem> Limits(
        LagrangianCombinerOptions combiner, IReadOnlyList<DiscriminatorOptions> discriminators, IReadOnlyCollection<string> declared)
    {
        string[] names = [.. discriminators.Select(one => one.Name).Where(name => name.Length > 0).Distinct()];
        foreach (var name in combiner.Limits.Keys)
        {
            var path = "$.combiner.limits" + Origin.Step(name);
            if (discriminators.FirstOrDefault(one => one.Name == name) is { } found)
            {
                if (found.Weight == 0)
                    yield return new(path,
                        $"the discriminator '{name}' has the weight 0, so that nothing would hold it to its limit; give it another " +
                        "weight.");
            }
            else if (!declared.Contains(ExperimentValidation.DiscriminatorKey(name)))
                yield return new(path,
                    $"there is no discriminator {Wording.Quote(name)}; the experiment's discriminators are " +
                    $"{Wording.List(names)}.{NearestMatch.Hint(name, names)}");
        }
    }
}
