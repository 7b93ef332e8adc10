using TextGan.Metrics;

namespace TextGan.Tests.Training;

/// <summary>Keeps the weights of the generators that it was asked about, and what state they were in.</summary>
sealed class ProbeMetric : IMetric
{
    public List<(double[] Weights, bool Training, string[] Texts)> Seen { get; } = [];

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        Seen.Add((TrainingRig.Weights(context.Generator), context.Generator.training, [.. context.Texts]));
        return new Dictionary<string, double> { ["probe"] = Seen.Count };
    }
}
