using TextGan.Generators;
using TextGan.Native;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>All regularisers: the one list of their names, weights and classes.</summary>
public static class RegularizerKinds
{
    static readonly IReadOnlyList<Kind> All =
    [
        new("entropy", options => options.Entropy, (_, context) => new EntropyRegularizer(context.Generator, context.StartId)),
        new("likelihood", options => options.Likelihood,
            (_, context) => new LikelihoodRegularizer(
                context.Generator, context.RealTexts(), context.StartId, context.EndId, context.Device, context.Seed)),
        new(KlRegularizer.TermName, options => options.Kl.Weight, (options, context) => options.Kl is KlLossOptions kl
            ? new KlRegularizer(context.Generator, context.Reference(), context.StartId, kl.Estimator, kl.LengthNormalization) : null),
        new(DistillationRegularizer.TermName, options => options.Distillation?.Weight ?? 0,
            (options, context) => options.Distillation is { } own ? new DistillationRegularizer(context.Generator,
                context.Frozen(own.Model), context.StartId, own.Divergence, own.Beta, own.Temperature) : null),
        new(MediatorRegularizer.TermName, options => options.Mediator?.Weight ?? 0,
            (options, context) => options.Mediator is { } own ? new MediatorRegularizer(context.Generator, context.Learning(own.Model),
                context.Texts(own.Data), context.StartId, context.EndId, own.Optimizer, own.ClipGradient, context.Seed) : null),
        new(ManagerRegularizer.TermName, options => options.Manager,
            (_, context) => new ManagerRegularizer((IGoalDirected)context.Generator)),
        new(IntrinsicRegularizer.TermName, options => options.Intrinsic,
            (_, context) => new IntrinsicRegularizer((IGoalDirected)context.Generator)),
    ];

    /// <summary>The names of their terms; no discriminator may bear one of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <summary>The configured weight of each by name.</summary>
    public static Dictionary<string, double> Weights(RegularizerOptions options) =>
        All.ToDictionary(kind => kind.Name, kind => kind.Weight(options));

    /// <summary>Builds those that have a weight, or whose weight follows a schedule; a KL in the reward is the update rule's.</summary>
    public static IReadOnlyList<Regularizer> Build(
        RegularizerOptions options, IReadOnlyCollection<string> scheduled, RegularizerContext context)
    {
        using var unfinished = new Unfinished();
        var built = All.Where(kind => IsOn(kind, options, scheduled)).Select(kind => kind.Build(options, context)).OfType<Regularizer>()
            .Select(unfinished.Add).ToList();
        unfinished.Finish(built);
        return built;
    }

    /// <summary>Whether the KL has a weight or a schedule, as a loss or in the reward.</summary>
    public static bool HasKl(RegularizerOptions options, IReadOnlyCollection<string> scheduled) =>
        IsOn(KlRegularizer.TermName, options, scheduled);

    /// <summary>Whether the generator learns from a teacher or a mediator, which takes no discriminator.</summary>
    public static bool HasTeacher(RegularizerOptions options, IReadOnlyCollection<string> scheduled) =>
        (options.Distillation is not null && IsOn(DistillationRegularizer.TermName, options, scheduled))
        || (options.Mediator is not null && IsOn(MediatorRegularizer.TermName, options, scheduled));

    /// <summary>The KL in the reward, where it has a weight or a schedule; else null.</summary>
    public static KlRewardOptions? KlReward(RegularizerOptions options, IReadOnlyCollection<string> scheduled) =>
        HasKl(options, scheduled) ? options.Kl as KlRewardOptions : null;

    /// <summary>Whether a term has a weight or a schedule.</summary>
    public static bool IsOn(string name, RegularizerOptions options, IReadOnlyCollection<string> scheduled) =>
        All.Any(kind => kind.Name == name && IsOn(kind, options, scheduled));

    static bool IsOn(Kind kind, RegularizerOptions options, IReadOnlyCollection<string> scheduled) =>
        kind.Weight(options) > 0 || scheduled.Contains(kind.Name);

    sealed record Kind(
        string Name, Func<RegularizerOptions, double> Weight, Func<RegularizerOptions, RegularizerContext, Regularizer?> Build);
}
