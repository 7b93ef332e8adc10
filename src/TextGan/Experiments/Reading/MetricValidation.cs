using TextGan.Generators.Sampling;
using TextGan.Metrics;

namespace TextGan.Experiments.Reading;

/// <summary>Checks what metrics need of other parts of an experiment; those of "search" are in <see cref="SearchValidation"/>.</summary>
static class MetricValidation
{
    public static IEnumerable<Problem> Check(ExperimentOptions options)
    {
        var metrics = options.Evaluation.Metrics;
        var first = new Dictionary<(Type, string), int>();
        for (var k = 0; k < metrics.Count; k++)
        {
            var path = $"$.evaluation.metrics[{k}]";
            if (metrics[k].NeedsData && string.IsNullOrEmpty(metrics[k].Data))
                yield return new(path,
                    $"the key 'data' is missing; this metric compares with a data set. The experiment's 'data' has " +
                    $"{Wording.List(options.Data.Keys)}.");
            else if (!first.TryAdd((metrics[k].GetType(), metrics[k].NameEnd), k))
                yield return new(path,
                    $"its values would have the names of those of " +
                    $"$.evaluation.metrics[{first[(metrics[k].GetType(), metrics[k].NameEnd)]}]; keep one of the two.");
            if (metrics[k] is GoldMetricOptions { Name.Length: > 0 } gold && NameRules.ProblemOf(gold.Name, dots: false) is { } wrong)
                yield return new(path + ".name", wrong);
            if (metrics[k] is FreshDiscriminatorMetricOptions { Discriminator: { } fresh })
            {
                if (fresh.Name.Length > 0 && NameRules.ProblemOf(fresh.Name, dots: false) is { } badName)
                    yield return new(path + ".discriminator.name", badName);
                foreach (var problem in fresh.CheckLength(path + ".discriminator", options.Length)) yield return problem;
                if (fresh.Structured || fresh.Start is not null)
                    yield return new($"{path}.discriminator.{(fresh.Structured ? "structured" : "start")}",
                        "a fresh discriminator is trained from random weights and knows texts alone; leave it out.");
                if (!fresh.Loss.TrainsLogits)
                    yield return new($"{path}.discriminator.loss",
                        "with this loss its logits, which are measured, learn nothing; take another one.");
            }
            if (metrics[k] is ReferenceKlMetricOptions && options.Evaluation.Sampling != new SamplingOptions())
                yield return new(path,
                    "this metric is an expectation over texts of the model's own distribution, but 'evaluation.sampling' is another; " +
                    "leave 'sampling' out.");
            if (metrics[k] is NllMetricOptions { Tempered: true }
                && options.Evaluation.Sampling is not { Temperature: > 0, TopK: 0, TopP: 1 })
                yield return new($"{path}.tempered",
                    "the likelihood of real text is then that of what is drawn, but 'evaluation.sampling' never draws some tokens " +
                    "(top-k, top-p or a temperature of 0), so that it would be infinite; take a temperature alone, or leave this out.");
            foreach (var problem in ExactValidation.Check(metrics[k], path, options)) yield return problem;
            if (metrics[k] is GradientEstimateMetricOptions)
                foreach (var problem in GradientEstimateValidation.Check(path, options)) yield return problem;
            if (metrics[k].Data is not { } name || options.Data.GetValueOrDefault(name) is not { } data) continue;
            if (metrics[k].NeedsExactSource && data.HasNoExactSource)
                yield return new(path + ".data",
                    $"the data set '{name}' is drawn from no known distribution, by which this metric measures; kinds that are: " +
                    $"'grammar', 'oracle-lstm' and 'enumerable' (here: " +
                    $"{Wording.List(options.Data.Where(set => !set.Value.HasNoExactSource).Select(set => set.Key))}).");
            if (metrics[k] is GoldMetricOptions { Judge.NeedsPairs: true } && !data.HasRejected)
                yield return new(path + ".data",
                    $"the data set '{name}' has no pairs of a chosen and a rejected text, from which this judge learns; those that have: " +
                    $"{Wording.List(options.Data.Where(set => set.Value.HasRejected).Select(set => set.Key))}.");
            if (metrics[k].NeedsHeldOut && data.HasNoHeldOut)
                yield return new(path + ".data",
                    $"the data set '{name}' holds no texts out, with which this metric compares; set its 'heldOut', or this metric's " +
                    $"\"split\" to \"train\".");
        }
    }
}
