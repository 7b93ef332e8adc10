using TextGan.Learning.Credit;

namespace TextGan.Benchmarks.Paths;

/// <summary>Every path, in the order in which they are measured. A new one is a file of its own and a line here.</summary>
static class PathCatalogue
{
    public static IReadOnlyList<PathPair> All { get; } =
    [
        new("mle_step", 2.5, () => new LikelihoodStep(), () => new PlainLikelihoodStep()),
        new("d_step", 2, () => new DiscriminatorStep(), () => new PlainDiscriminatorStep()),
        new("gumbel_g_step", 2.5, () => GeneratorStep.Gumbel(), () => new PlainGumbelStep()),
        new("sample_2560", 15, () => new Sampling(), () => new PlainSampling(), PlainTakesLong: true),
        new("rollout_g_step", 10, () => GeneratorStep.Reinforce(new RolloutCredit(OracleSizes.Rollouts)), () =>
            new PlainRolloutStep(), PlainTakesLong: true),
        new("transformer_512", 10, TransformerSampling.Path, () =>
            new PlainTransformerSampling(TransformerSampling.Longest), PlainTakesLong: true),
        new("relgan_d_step", 4, RelGanSteps.OfDiscriminator, null),
        new("relgan_g_step", 3, RelGanSteps.OfGenerator, null),
        new("transformer_large_step", 1.5, LargeTransformer.Step, null, OnlyIfNamed: true),
        new("transformer_large_sample", 4, LargeTransformer.Drawing, null, OnlyIfNamed: true),
        new("self_bleu_300", 200, () => new SelfBleuOfTexts(300, 12), () => new PlainSelfBleu(300, 12), PlainTakesLong: true),
    ];

    /// <summary>
    /// Those with the given names, without any all that need not be named; an <see cref="ArgumentException"/> names what is not there.
    /// </summary>
    public static IReadOnlyList<PathPair> Named(IReadOnlyCollection<string> names)
    {
        if (names.Except(All.Select(path => path.Name)).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no path '{unknown}'; there are {string.Join(", ", All.Select(path => path.Name))}.",
                nameof(names));
        return names.Count == 0 ? [.. All.Where(path => !path.OnlyIfNamed)] : [.. All.Where(path => names.Contains(path.Name))];
    }

    /// <summary>Builds the path or the plain path with this name.</summary>
    public static IBenchmarkPath Build(string name)
    {
        foreach (var pair in All)
        {
            if (pair.Name == name) return pair.Fast();
            if (pair.PlainName == name && pair.Plain is { } plain) return plain();
        }
        return TransformerGumbel.Named(name) ?? SparingSteps.Named(name)
            ?? throw new ArgumentException($"There is no path '{name}'.", nameof(name));
    }
}
