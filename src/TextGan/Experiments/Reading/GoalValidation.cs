using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Updates;
using TextGan.Metrics;
using TextGan.Metrics.Judges;

namespace TextGan.Experiments.Reading;

/// <summary>Checks what a generator that reads a discriminator's features needs, and the terms of one with a manager.</summary>
static class GoalValidation
{
    public static IEnumerable<Problem> Check(ExperimentOptions options, IReadOnlyCollection<string> declared) =>
        options.Generator is null ? [] : [.. Leak(options, declared), .. Terms(options), .. OtherGenerators(options)];

    static IEnumerable<Problem> Leak(ExperimentOptions options, IReadOnlyCollection<string> declared)
    {
        if (options.Generator.ReadsFeaturesOf is not { Length: > 0 } name) yield break;
        string[] names = [.. options.Discriminators.Select(one => one.Name).Where(one => one.Length > 0)];
        var discriminator = options.Discriminators.FirstOrDefault(one => one.Name == name);
        if (discriminator is null && !declared.Contains(ExperimentValidation.DiscriminatorKey(name)))
            yield return new("$.generator.discriminator",
                $"there is no discriminator {Wording.Quote(name)}; the experiment's 'discriminators' has " +
                $"{Wording.List(names)}.{NearestMatch.Hint(name, names)}");
        if (discriminator is { HasFeatures: false })
            yield return new("$.generator.discriminator",
                $"the discriminator {Wording.Quote(name)} shows no features of whole texts; take a \"cnn\", a \"bag\" or an \"lstm\" " +
                "with a logit per sequence.");
        if (options.Prompts is not null)
            yield return new("$.prompts",
                "the generator \"leak\" does not support prompts; leave 'prompts' out, or take another generator.");
        if (options.Pretraining?.Teacher is { Context: not null })
            yield return new("$.pretraining.teacher.context",
                "is not supported by the generator \"leak\", which reads texts from their beginning; leave it out.");
        if (options.Discriminators.Count > 0 && options.Estimator is not PolicyGradientOptions)
            yield return new("$.estimator",
                "the generator \"leak\" needs the estimator 'reinforce': it reads features of token ids, which relaxed tokens do not " +
                "have.");
    }

    static IEnumerable<Problem> Terms(ExperimentOptions options)
    {
        string[] scheduled = [.. (options.Combiner as ScheduledCombinerOptions)?.Weights.Keys ?? []];
        foreach (var term in (string[])[ManagerRegularizer.TermName, IntrinsicRegularizer.TermName])
        {
            if (!RegularizerKinds.IsOn(term, options.Regularizers, scheduled)) continue;
            var path = $"$.regularizers.{term}";
            if (!options.Generator.HasGoals)
                yield return new(path, "has a weight, but the generator has no manager that sets goals; leave it out, or take the " +
                    "generator \"leak\".");
            else if (options.Discriminators.Count == 0 || options.Estimator is not PolicyGradientOptions reinforce)
                continue; // reported above
            else if (reinforce.Epochs * reinforce.Minibatches > 1)
                yield return new(path, $"is only valid for texts that the generator has just written, but {reinforce.Epochs} × " +
                    $"{reinforce.Minibatches} updates (epochs × minibatches) are made from each batch; leave both at 1.");
            else if (term == ManagerRegularizer.TermName && options.Normalization is { Order: NormalizationOrder.SumThenNormalize })
                yield return new("$.normalization.order",
                    "is \"sum-then-normalize\", so that no discriminator has an advantage of its own that 'regularizers.manager' could " +
                    "read; take \"normalize-then-sum\".");
        }
    }

    /// <summary>Generators in other places, where there are no discriminators.</summary>
    static IEnumerable<Problem> OtherGenerators(ExperimentOptions options)
    {
        const string reason = "reads a discriminator's features, and there is none here; take another kind.";
        if (options.Regularizers.Mediator?.Model is { ReadsFeaturesOf: not null })
            yield return new("$.regularizers.mediator.model", reason);
        for (var k = 0; k < options.Evaluation.Metrics.Count; k++)
            if (options.Evaluation.Metrics[k] is GoldMetricOptions { Judge: LikelihoodJudgeOptions judge }
                && judge.Generator.ReadsFeaturesOf is not null)
                yield return new($"$.evaluation.metrics[{k}].judge.generator", reason);
    }
}
