using TextGan.Generators;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Rewards;
using TextGan.Learning.Updates;
using TextGan.Metrics;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>What plays in the adversarial phase.</summary>
/// <param name="Generator">The generator that learns.</param>
/// <param name="Discriminators">The judges.</param>
/// <param name="Update">Judgement to terms.</param>
/// <param name="Combiner">Terms to one gradient.</param>
/// <param name="Regularizers">Further terms.</param>
/// <param name="Average">The moving average of the generator's weights, or null.</param>
/// <param name="Prompts">The prompts that the generator answers, or null.</param>
/// <param name="Reference">The generator as it was at the start of the phase, frozen, in evaluation mode; null where nobody needs
/// it.</param>
/// <param name="Frozen">Other models that never learn, which discriminators and regularisers read; owned by this.</param>
public sealed record AdversarialParts(
    Generator Generator, IReadOnlyList<DiscriminatorTrainer> Discriminators, UpdateRule Update, Combiner Combiner,
    IReadOnlyList<Regularizer> Regularizers, WeightAverage? Average, PromptSource? Prompts = null, Generator? Reference = null,
    IDisposable? Frozen = null) : IDisposable
{
    /// <summary>Whether the reference is a folder's model as it is, so that no checkpoint holds it.</summary>
    public bool ReferenceIsInFolder { get; init; }

    /// <summary>Gives the generator the features of the discriminator as it is now; null where it reads none.</summary>
    public Action? Leak { get; init; }

    /// <summary>What adapts the weight of the KL; null where it is not adapted.</summary>
    public AdaptiveKlWeight? KlWeight { get; init; }

    /// <summary>The configured weight of each discriminator by name.</summary>
    public IReadOnlyDictionary<string, double> JudgeWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>Every discriminator as metrics ask it.</summary>
    public IReadOnlyList<EvaluatedJudge> EvaluatedJudges => [.. Discriminators.Select(one => new EvaluatedJudge(
        one.Name, JudgeWeights.GetValueOrDefault(one.Name, 1), one.IsStructured,
        texts => one.Judge.Score(texts.To(one.Judge.Device)).SequenceLogits(),
        texts => -Update.LossOf(one.Judge, texts.To(one.Judge.Device))))];

    /// <summary>Every discriminator as a judge: one reward for each text.</summary>
    public WeightedReward Reward => new(
        [.. Discriminators.Select(one => one.Judge)], JudgeWeights, Generator.parameters().First().device);

    public void Dispose()
    {
        Generator.Dispose();
        foreach (var discriminator in Discriminators) discriminator.Dispose();
        Update.Dispose();
        Combiner.Dispose();
        foreach (var regularizer in Regularizers) regularizer.Dispose();
        Average?.Dispose();
        Reference?.Dispose();
        Frozen?.Dispose();
    }
}
