using TextGan.Native;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>All regularisers: the one list of their names, weights and classes.</summary>
public static class RegularizerKinds
{
    static readonly IReadOnlyList<Kind> All =
    [
        new("entropy", options => options.Entropy, context => new EntropyRegularizer(context.Generator, context.StartId)),
        new("likelihood", options => options.Likelihood,
            context => new LikelihoodRegularizer(
                context.Generator, context.RealTexts(), context.StartId, context.EndId, context.Device, context.Seed)),
        new("kl", options => options.Kl, context => new KlRegularizer(context.Generator, context.Reference(), context.StartId)),
    ];

    /// <summary>The names of their terms; no discriminator may bear one of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <summary>The configured weight of each by name.</summary>
    public static Dictionary<string, double> Weights(RegularizerOptions options) =>
        All.ToDictionary(kind => kind.Name, kind => kind.Weight(options));

    /// <summary>Builds those that have a weight, or whose weight follows a schedule.</summary>
    public static IReadOnlyList<Regularizer> Build(RegularizerOptions options, IEnumerable<string> scheduled, RegularizerContext context)
    {
        using var unfinished = new Unfinished();
        var built = All.Where(kind => kind.Weight(options) > 0 || scheduled.Contains(kind.Name))
            .Select(kind => unfinished.Add(kind.Build(context))).ToList();
        unfinished.Finish(built);
        return built;
    }

    sealed record Kind(string Name, Func<RegularizerOptions, double> Weight, Func<RegularizerContext, Regularizer> Build);
}
