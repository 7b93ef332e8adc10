using TextGan.Generators;
using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Regularizers;

namespace TextGan.Learning.Updates;

/// <summary>The run-time facts that an update rule is built from beside its options.</summary>
/// <param name="Judges">The names of the discriminators, in the order in which they are given to each step.</param>
/// <param name="HiddenSize">H of the generator.</param>
/// <param name="Device">The generator's device.</param>
/// <param name="OfSum">How the weighted sum of the signals is normalised; null where it is not.</param>
/// <param name="Kl">The KL in the reward; null where there is none.</param>
public sealed record EstimatorContext(
    IReadOnlyList<string> Judges, int HiddenSize, Device Device, NormalizationOptions? OfSum = null, KlRewardOptions? Kl = null)
{
    /// <summary>V of the generator.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Gives a copy of the generator as it is now, which does not learn; it belongs to whoever asks.</summary>
    public Func<Generator> Copy { get; init; } = () => throw new InvalidOperationException("There is no generator here.");

    /// <summary>The configured weight of each discriminator, for rules that compare texts by one reward.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();
}
