using TextGan.Training;
using TextGan.Generators;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives;
using TextGan.Learning.Updates;

namespace TextGan.Learning;

/// <summary>What plays in the adversarial phase.</summary>
/// <param name="Generator">The generator that learns.</param>
/// <param name="Discriminators">The judges.</param>
/// <param name="Estimator">Judgement to terms.</param>
/// <param name="Combiner">Terms to one gradient.</param>
/// <param name="Regularizers">Further terms.</param>
/// <param name="Terms">Which of <see cref="Regularizers.Names"/> are on.</param>
/// <param name="Reference">The frozen copy for "kl", or null.</param>
/// <param name="Average">The moving average of the generator's weights, or null.</param>
/// <param name="LikelihoodData">The data of the term "likelihood", or null.</param>
/// <param name="Prompts">The prompts that the generator answers, or null.</param>
public sealed record AdversarialParts(
    Generator Generator, IReadOnlyList<DiscriminatorTrainer> Discriminators, UpdateRule Estimator, Combiner Combiner,
    Regularizers Regularizers, IReadOnlyList<string> Terms, Generator? Reference, WeightAverage? Average, EncodedSet? LikelihoodData,
    PromptSource? Prompts = null) : IDisposable
{
    public void Dispose()
    {
        Generator.Dispose();
        foreach (var discriminator in Discriminators) discriminator.Dispose();
        Estimator.Dispose();
        Reference?.Dispose();
        Average?.Dispose();
    }
}
