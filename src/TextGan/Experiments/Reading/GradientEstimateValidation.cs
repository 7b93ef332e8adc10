namespace TextGan.Experiments.Reading;

/// <summary>The metric "gradient-estimate" compares with the gradient of an expected loss, which must be known.</summary>
static class GradientEstimateValidation
{
    public static IEnumerable<Problem> Check(string path, ExperimentOptions options)
    {
        if (options.Estimator.WhyNoExactGradient is { } reason)
            yield return new(path, $"the exact gradient is not known: {reason}; leave the metric out, or change 'estimator'.");
        if (options.Normalization is not null)
            yield return new(path,
                "the exact gradient is not known: normalised signals are others in each batch; leave the metric or 'normalization' out.");
        if (options.Prompts is not null)
            yield return new(path, "measures texts without prompts, but the generator answers prompts ('prompts'); leave it out.");
        foreach (var one in options.Discriminators.Where(one => one.Loss.GeneratorReadsReal && options.Estimator.LearnsFromLosses))
            yield return new(path,
                $"the exact gradient is not known: the loss of the discriminator '{one.Name}' compares with real texts, which are drawn; " +
                "leave the metric out, or take another loss.");
    }
}
