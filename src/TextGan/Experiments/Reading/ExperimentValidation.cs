using System.Text.RegularExpressions;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Generators.Sampling;
using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Updates;
using TextGan.Learning.Updates.Losses;
using TextGan.Metrics;

namespace TextGan.Experiments.Reading;

/// <summary>Checks what takes several parts of an experiment to decide: references by name, and parts that cannot go together.</summary>
public static partial class ExperimentValidation
{
    /// <summary>Every problem of the experiment as a whole.</summary>
    /// <param name="options">The experiment; parts that could not be read may be missing from it.</param>
    /// <param name="declared">Names that the experiment declares in parts that could not be read, so that a reference to them is no second
    /// problem.</param>
    public static IEnumerable<Problem> Check(ExperimentOptions options, IReadOnlyCollection<string>? declared = null)
    {
        var known = declared ?? [];
        return
        [
            .. Names(options),
            .. Seeds(options),
            .. Devices(options),
            .. References(options, known),
            .. options.Discriminators.SelectMany(
                (discriminator, index) => Discriminator(discriminator, $"$.discriminators[{index}]", options)),
            .. MatchedJudges(options, known),
            .. Objective(options, known),
            .. Groups(options),
            .. CombinerValidation.Check(options, known),
            .. Conflict(options),
            .. GoalValidation.Check(options, known),
            .. SearchValidation.Check(options, known),
            .. MetricValidation.Check(options),
            .. GoldDataValidation.Check(options),
            .. TeacherValidation.Check(options),
            .. DataSetValidation.Check(options),
            .. KeepBestValidation.Check(options),
            .. Patience(options),
            .. PromptLength(options),
            .. Contexts(options),
            .. Trackers(options),
        ];
    }

    /// <summary>Two of a kind would write the same files.</summary>
    static IEnumerable<Problem> Trackers(ExperimentOptions options)
    {
        for (var i = 0; i < options.Trackers.Count; i++)
            if (options.Trackers.Take(i).Any(earlier => earlier.GetType() == options.Trackers[i].GetType()))
                yield return new($"$.trackers[{i}]", "is of the same kind as a tracker before it; one of each kind is enough.");
    }

    static IEnumerable<Problem> PromptLength(ExperimentOptions options)
    {
        if (options.Prompts is { Length: 0 }) yield return new("$.prompts", "is empty; name a data set with prompts, or leave it out.");
        if (options.PromptLength is { } most && options.Prompts is null)
            yield return new("$.promptLength", "there are no prompts that it could limit: 'prompts' names no data set.");
        else if (options.PromptLength >= options.Length)
            yield return new("$.promptLength",
                $"is {options.PromptLength}, but a row has {options.Length} tokens ('length'), which prompt and response share; at most " +
                $"{options.Length - 1} are allowed.");
        else if (options.Prompts is not null && options.Length < 2)
            yield return new("$.length", $"is {options.Length}; a prompt and a response need at least 2.");
    }

    static IEnumerable<Problem> Contexts(ExperimentOptions options)
    {
        if (options.Pretraining?.Teacher?.Context is { } context && context > options.Length)
            yield return new("$.pretraining.teacher.context",
                $"is {context}, but a text has {options.Length} tokens ('length'); take at most as many, or leave it out.");
        for (var k = 0; k < options.Evaluation.Metrics.Count; k++)
        {
            if (options.Evaluation.Metrics[k] is not ContextDivergenceMetricOptions metric) continue;
            for (var i = 0; i < metric.Contexts.Count; i++)
                if (metric.Contexts[i] >= options.Length)
                    yield return new($"$.evaluation.metrics[{k}].contexts[{i}]",
                        $"is {metric.Contexts[i]}, but a text has {options.Length} tokens ('length'), so that none has more before it.");
        }
    }

    static IEnumerable<Problem> Names(ExperimentOptions options)
    {
        if (options.Name.Length > 0 && NameRules.ProblemOf(options.Name, dots: true, isOfSweep: options.Swept.Count > 0) is { } problem)
            yield return new("$.name", problem);
        foreach (var name in options.Data.Keys)
        {
            if (NameRules.ProblemOf(name, dots: false) is { } wrong) yield return new("$.data" + Origin.Step(name), wrong);
        }
        var first = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var k = 0; k < options.Discriminators.Count; k++)
        {
            var name = options.Discriminators[k].Name;
            var path = $"$.discriminators[{k}].name";
            if (name.Length == 0) continue; // reported as missing
            if (NameRules.ProblemOf(name, dots: false) is { } wrong) yield return new(path, wrong);
            else if (RegularizerKinds.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) yield return new(
                path, $"the name '{name}' is that of a term of the objective; {Wording.List(RegularizerKinds.Names)} are taken.");
            else if (!first.TryAdd(name, k)) yield return new(
                path, $"the name '{name}' is that of $.discriminators[{first[name]}] too; each discriminator needs its own.");
        }
    }

    static IEnumerable<Problem> Seeds(ExperimentOptions options)
    {
        if (options.Seeds.Count == 0) yield return new("$.seeds", "the list is empty; give at least one seed, such as [1].");
        var seen = new HashSet<int>();
        for (var i = 0; i < options.Seeds.Count; i++)
        {
            if (options.Seeds[i] < 0)
                yield return new($"$.seeds[{i}]", $"the seed {options.Seeds[i]} is negative; seeds are from 0 to {int.MaxValue}.");
            else if (!seen.Add(options.Seeds[i])) yield return new(
                $"$.seeds[{i}]", $"the seed {options.Seeds[i]} is given twice; each run needs its own.");
        }
    }

    static IEnumerable<Problem> Devices(ExperimentOptions options)
    {
        const string own = "'cpu', 'cuda' and 'cuda:N'";
        if (options.Device != "auto" && !DeviceName().IsMatch(options.Device))
        {
            yield return new("$.device",
                $"the device {Wording.Quote(options.Device)} is unknown; allowed are 'auto', " +
                $"{own}.{NearestMatch.Hint(options.Device, ["auto", "cpu", "cuda", "cuda:0"])}");
        }
        for (var k = 0; k < options.Discriminators.Count; k++)
        {
            if (options.Discriminators[k].Device is not { } device || DeviceName().IsMatch(device)) continue;
            yield return new($"$.discriminators[{k}].device",
                $"the device {Wording.Quote(device)} is unknown; allowed are {own}, or nothing for the " +
                $"experiment's.{NearestMatch.Hint(device, ["cpu", "cuda", "cuda:0"])}");
        }
    }

    static IEnumerable<Problem> References(ExperimentOptions options, IReadOnlyCollection<string> declared)
    {
        var references = new List<(string Path, string? Name)>
        {
            ("$.prompts", options.Prompts),
            ("$.pretraining.data", options.Pretraining?.Data),
            ("$.regularizers.likelihoodData", options.Regularizers.LikelihoodData),
            ("$.regularizers.mediator.data", options.Regularizers.Mediator?.Data),
        };
        references.AddRange(DataSetValidation.Ingredients(options).Select(one => (one.Place, (string?)one.Name)));
        references.AddRange(options.Discriminators.Select((one, k) => ($"$.discriminators[{k}].data", one.Data)));
        references.AddRange(TeacherValidation.TeachersOf(options).Select(one => ($"{one.Place}.data", one.Teacher.ReadsData)));
        references.AddRange(options.Evaluation.Metrics.Select((one, k) => ($"$.evaluation.metrics[{k}].data", one.Data)));
        var names = options.Data.Keys.Concat(
            declared.Where(key => key.StartsWith(DataKey(""), StringComparison.Ordinal)).Select(key => key[DataKey("").Length..]))
            .Distinct().ToList();
        foreach (var (path, name) in references)
        {
            if (string.IsNullOrEmpty(name) || names.Contains(name)) continue;
            yield return new(path,
                $"there is no data set {Wording.Quote(name)}; the experiment's 'data' has " +
                $"{Wording.List(names)}.{NearestMatch.Hint(name, names)}");
        }
    }

    static IEnumerable<Problem> Discriminator(DiscriminatorOptions discriminator, string path, ExperimentOptions options)
    {
        var learnsFromData = discriminator is { Learns: true, TeacherPreference: null };
        if (learnsFromData && string.IsNullOrEmpty(discriminator.Data))
        {
            yield return new(path,
                $"the key 'data' is missing; a discriminator that learns must name the data set of its real texts. The experiment's " +
                $"'data' has {Wording.List(options.Data.Keys)}.");
        }
        if (learnsFromData && discriminator.Data is { } name && options.Data.GetValueOrDefault(name) is { HasRejected: false } data)
        {
            var pairs = Wording.List(options.Data.Where(set => set.Value.HasRejected).Select(set => set.Key));
            if (discriminator.Opponents.Rejected > 0)
            {
                yield return new(path + ".opponents.rejected",
                    $"the data set '{name}' has no rejected texts to learn from; choose one with pairs of a chosen and a rejected text " +
                    $"(here: {pairs}), or leave the share at 0.");
            }
        }
        else if (learnsFromData && discriminator.Loss.NeedsPairs && discriminator.Opponents.Rejected <= 0)
        {
            yield return new(path + ".opponents",
                "the loss compares each chosen text with its rejected one, but no rejected texts are among the opponents; write " +
                "\"opponents\": { \"generated\": 0, \"rejected\": 1 }, or give both a share.");
        }
        if (learnsFromData && discriminator is { Loss.NeedsPairs: true, Opponents.Generated: > 0 } && options.Prompts is not null)
        {
            const string reason = "the loss compares each generated text with the real text of the same prompt, ";
            if (discriminator.Opponents.Replayed > 0)
                yield return new(path + ".opponents.replayed",
                    reason + "and replayed texts answer other prompts; leave the share at 0, or take another loss.");
            if (discriminator.Match is not null)
                yield return new(path + ".match",
                    reason + "so that real texts cannot be chosen otherwise; leave it out, or take another loss.");
        }
        if (learnsFromData)
            foreach (var problem in discriminator.Opponents.CheckBatch(path + ".opponents", discriminator.Batch ?? options.Training.Batch))
                yield return problem;
        var reinforce = options.Estimator as PolicyGradientOptions;
        var perStep = reinforce?.Credit is StepCreditOptions;
        if (discriminator.Loss.GeneratorReadsReal)
        {
            var rewardReadsLoss = options.Estimator.LearnsFromLosses;
            if (string.IsNullOrEmpty(discriminator.Data) && !discriminator.Learns && (rewardReadsLoss || options.Combiner.ReadsLosses))
                yield return new(path,
                    "the key 'data' is missing; the generator's part of this loss compares with real texts. Name a data set, or take " +
                    "another loss.");
            if (perStep && rewardReadsLoss)
                yield return new(path + ".loss",
                    "with the credit 'per-step' and the reward 'negative-loss' a step of a text would be compared with a step of a real " +
                    "text that may have ended; take another loss, or another credit or reward.");
        }
        if (!discriminator.Loss.TrainsLogits && !options.Estimator.LearnsFromLosses)
            yield return new(path + ".loss",
                "with this loss the discriminator's logits learn nothing, but the estimator makes its rewards of them; take the reward " +
                "\"negative-loss\", or Gumbel-softmax with the objective \"loss\".");
        if (discriminator is { Learns: true, Loss: RankingLossOptions ranking }
            && (discriminator.Batch ?? options.Training.Batch) is var size && size <= ranking.References)
            yield return new(path + ".loss.references",
                $"is {ranking.References}, but an update has {Amount.Of(size, "real text")}, which references and ranked texts share; " +
                "take fewer references, or a larger 'batch'.");
        if (perStep && discriminator.Structured)
            yield return new(path + ".structured",
                "a structured discriminator gives one logit for a text, but the credit 'per-step' makes its rewards of a logit for each " +
                "token; take the credit 'sequence' or 'rollouts'.");
        else if (perStep && discriminator.HasStepLogits == false)
            yield return new(path,
                $"the discriminator '{discriminator.Name}' gives no logit for each token, which the credit 'per-step' makes its rewards " +
                $"of; take an \"lstm\" with \"output\": \"per-step\", or the credit 'sequence' or 'rollouts'.");
        foreach (var problem in discriminator.CheckLength(path, options.Length)) yield return problem;
        if (discriminator.NeedsHardTokens && options.Estimator is { NeedsRelaxedTokens: true })
        {
            yield return new(path + ".kind",
                $"the discriminator '{discriminator.Name}' can only read token ids, so no gradient crosses it, but the estimator sends " +
                $"its gradient through every discriminator; choose the estimator 'reinforce', or another discriminator.");
        }
    }

    static IEnumerable<Problem> MatchedJudges(ExperimentOptions options, IReadOnlyCollection<string> declared)
    {
        for (var k = 0; k < options.Discriminators.Count; k++)
        {
            if (options.Discriminators[k].Match?.Judge is not { } judge) continue;
            string[] others = [.. options.Discriminators.Where((one, i) => i != k && one.Name.Length > 0).Select(one => one.Name)];
            if (options.Discriminators.FirstOrDefault(one => one.Name == judge) is { Loss.TrainsLogits: false } && others.Contains(judge))
                yield return new($"$.discriminators[{k}].match.judge",
                    $"the logits of {Wording.Quote(judge)}, which tell whether a text has the property, learn nothing with its loss; " +
                    "take another discriminator, or another loss there.");
            if (others.Contains(judge)) continue;
            if (judge == options.Discriminators[k].Name || !declared.Contains(DiscriminatorKey(judge)))
                yield return new($"$.discriminators[{k}].match.judge",
                    $"there is no other discriminator {Wording.Quote(judge)}; the experiment's others are " +
                    $"{Wording.List(others)}.{NearestMatch.Hint(judge, others)}");
        }
    }

    static IEnumerable<Problem> Objective(ExperimentOptions options, IReadOnlyCollection<string> declared)
    {
        var scheduledWeights = (options.Combiner as ScheduledCombinerOptions)?.Weights;
        var mixes = options.Regularizers.Likelihood > 0 ? "$.regularizers.likelihood" : scheduledWeights?.ContainsKey("likelihood") == true
            ? "$.combiner.weights.likelihood" : null;
        if (mixes is not null && options.Regularizers.LikelihoodData is null && options.Pretraining is null
            && !declared.Contains(PretrainingKey))
        {
            yield return new(mixes,
                "there is no data set whose likelihood could be mixed in: the experiment has no 'pretraining'; name one as " +
                "'likelihoodData'.");
        }
        if (scheduledWeights?.ContainsKey(DistillationRegularizer.TermName) == true && options.Regularizers.Distillation is null)
            yield return new("$.combiner.weights.distillation",
                "there is no teacher: give 'regularizers.distillation' with its 'model'.");
        if (scheduledWeights?.ContainsKey(MediatorRegularizer.TermName) == true && options.Regularizers.Mediator is null)
            yield return new("$.combiner.weights.mediator", "there is no mediator: give 'regularizers.mediator'.");
        if (options.Regularizers.Mediator is { Data: null } && options.Pretraining is null && !declared.Contains(PretrainingKey))
            yield return new("$.regularizers.mediator",
                "there is no data set from which the mediator could learn: the experiment has no 'pretraining'; name one as its 'data'.");
        foreach (var problem in Kl(options, scheduledWeights?.ContainsKey(KlRegularizer.TermName) == true)) yield return problem;
        if (scheduledWeights is null) yield break;
        string[] terms =
            [.. options.Discriminators.Select(one => one.Name).Where(name => name.Length > 0).Distinct(), .. RegularizerKinds.Names];
        foreach (var term in scheduledWeights.Keys)
        {
            if (terms.Contains(term) || declared.Contains(DiscriminatorKey(term))) continue;
            yield return new("$.combiner.weights" + Origin.Step(term),
                $"there is no term {Wording.Quote(term)}; the objective's terms are " +
                $"{Wording.List(terms)}.{NearestMatch.Hint(term, terms)}");
        }
    }

    static IEnumerable<Problem> Kl(ExperimentOptions options, bool isScheduled)
    {
        const string path = "$.regularizers.kl";
        var kl = options.Regularizers.Kl;
        if (kl is KlRewardOptions && (kl.Weight > 0 || isScheduled) && options.Estimator is not (null or PolicyGradientOptions))
            yield return new($"{path}.kind",
                "only the estimator 'reinforce' has rewards that the KL could be added to; take \"loss\", or that estimator.");
        if (kl is KlRewardOptions && (kl.Weight > 0 || isScheduled)
            && options.Estimator is PolicyGradientOptions reinforce
            && (reinforce.Loss is ProbabilityLossOptions || reinforce.Baseline is ConstantBaselineOptions))
            yield return new($"{path}.kind",
                "the policy loss \"probability\" and the baseline \"constant\" are meant for a penalty: with them a KL in the reward " +
                "has the gradient of something else; take \"loss\".");
        if (kl.Adaptive is not { } adaptive) yield break;
        if (isScheduled)
            yield return new($"{path}.adaptive", "the combiner has a schedule for the weight of 'kl'; it can follow one of the two.");
        if (adaptive.Horizon < options.Training.Batch)
            yield return new($"{path}.adaptive.horizon",
                $"{adaptive.Horizon} texts are less than one batch of {options.Training.Batch} ('training.batch'); take at least a batch.");
    }

    /// <summary>What the batch is divided into, and what signals are normalised by.</summary>
    static IEnumerable<Problem> Groups(ExperimentOptions options)
    {
        var reinforce = options.Estimator as PolicyGradientOptions;
        var batch = options.Training.Batch;
        if (reinforce?.GroupSize is { } size && batch % size != 0)
            yield return new("$.estimator.groupSize",
                $"the batch of {batch} texts ('training.batch') cannot be divided into groups of {size}; take a divisor of it.");
        if (reinforce is { Minibatches: > 1 and var parts } && batch % parts != 0)
            yield return new("$.estimator.minibatches",
                $"the batch of {batch} texts ('training.batch') cannot be divided into {parts} equal minibatches; take a divisor of it.");
        if (options.Estimator is RelaxOptions && options.Training.Accumulate > 1)
            yield return new("$.training.accumulate",
                $"is {options.Training.Accumulate}, but the estimator 'relax' needs all logits of a batch at once; take 1.");
        if (options.Normalization is not { } normalization) yield break;
        if (options.Estimator is RelaxOptions && normalization.Order == NormalizationOrder.SumThenNormalize)
            yield return new("$.normalization.order",
                "the estimator 'relax' has a control variate for each discriminator's signal, not for their sum; take " +
                "\"normalize-then-sum\".");
        if (normalization.Statistics == NormalizationStatistics.Group && reinforce?.GroupSize is null or 1)
            yield return new("$.normalization.statistics", reinforce is null
                ? "there are no groups: only the estimator 'reinforce' has them; take \"batch\" or \"earlier\"."
                : "a text cannot be compared within its group: set 'estimator.groupSize' to 2 or more, or take \"batch\" or \"earlier\".");
        if (normalization.Statistics == NormalizationStatistics.Batch && batch == 1)
            yield return new("$.normalization.statistics",
                "a batch of one text has no deviation; take a larger 'training.batch', or \"earlier\".");
        if (normalization.Order == NormalizationOrder.SumThenNormalize && options.Combiner.NeedsGradients)
            yield return new("$.normalization.order",
                "\"sum-then-normalize\" makes one signal of all discriminators, but the combiner mixes one gradient for each; take " +
                "\"normalize-then-sum\", or a combiner of values.");
    }

    /// <summary>Whether there is a gradient for each term, and are halves of the batch, to be measured.</summary>
    static IEnumerable<Problem> Conflict(ExperimentOptions options)
    {
        const string path = "$.training.conflict", needed = "conflict is measured between one gradient for each; leave it out, or take ";
        if (options.Training.Conflict is null) yield break;
        if (options.Estimator is ExpertIterationOptions)
            yield return new(path, "the estimator 'expert-iteration' has one gradient for all discriminators, but " + needed +
                "another estimator.");
        if (options.Normalization is { Order: NormalizationOrder.SumThenNormalize })
            yield return new(path, "'normalization.order' is \"sum-then-normalize\", which makes one signal of all discriminators, but " +
                needed + "\"normalize-then-sum\".");
        var reinforce = options.Estimator as PolicyGradientOptions;
        var (texts, size) = (options.Training.Batch / (reinforce?.Minibatches ?? 1), reinforce?.GroupSize ?? 1);
        if (texts / size < 2)
            yield return new(path, "each term is compared with itself over two halves of an update's texts, but " +
                Amount.Of(texts, "text") + (size > 1 ? $" in groups of {size}" : "") + " cannot be halved; take more ('training.batch').");
    }

    static IEnumerable<Problem> Patience(ExperimentOptions options)
    {
        if (options.Pretraining is not { Patience: > 0 } pretraining
            || options.Data.GetValueOrDefault(pretraining.Data) is not { HasNoHeldOut: true }) yield break;
        yield return new("$.pretraining.patience",
            $"is {pretraining.Patience}, but the data set '{pretraining.Data}' holds no texts out, so that no loss on them can stop " +
            $"falling; set its 'heldOut', or 'patience' to 0.");
    }

    internal const string PretrainingKey = "pretraining";

    internal static string DataKey(string name) => "data." + name;

    internal static string DiscriminatorKey(string name) => "discriminators." + name;

    [GeneratedRegex("^(cpu|cuda(:[0-9]{1,3})?)$")]
    private static partial Regex DeviceName();
}
