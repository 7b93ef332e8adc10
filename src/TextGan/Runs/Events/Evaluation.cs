using TextGan.Runs.Format;

namespace TextGan.Runs.Events;

/// <summary>What an evaluation found.</summary>
/// <param name="Values">The metrics' figures by name, without "metric/".</param>
/// <param name="Texts">The texts that were drawn, without their prompts.</param>
/// <param name="Rows">Their token ids, without prompts and end tokens.</param>
/// <param name="Judgements">The discriminators' figures by their full names; none before the adversarial phase.</param>
public sealed record Evaluation(
    IReadOnlyDictionary<string, double> Values, IReadOnlyList<SampleLine> Texts, IReadOnlyList<int[]> Rows, IReadOnlyDictionary<string,
        double> Judgements)
{
    /// <summary>The number of samples that a figure rests on, by its name; figures that rest on none are not there.</summary>
    public IReadOnlyDictionary<string, int> Samples { get; init; } = new Dictionary<string, int>();

    /// <summary>Why figures are NaN, by their names.</summary>
    public IReadOnlyDictionary<string, string> Missing { get; init; } = new Dictionary<string, string>();
}
