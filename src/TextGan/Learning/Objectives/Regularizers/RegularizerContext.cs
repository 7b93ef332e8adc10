using TextGan.Generators;
using TextGan.Training;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>What a regulariser may be built from.</summary>
/// <param name="Generator">The generator that learns.</param>
/// <param name="StartId">The id before the first token.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Device">The generator's device.</param>
/// <param name="Seed">The run's.</param>
/// <param name="Reference">Gives the generator as it is at the start of the phase (<see cref="AdversarialParts.Reference"/>).</param>
/// <param name="RealTexts">The data set that "likelihoodData" names, or the pretraining's.</param>
public sealed record RegularizerContext(
    Generator Generator, int StartId, int? EndId, Device Device, int Seed, Func<Generator> Reference, Func<EncodedSet> RealTexts)
{
    /// <summary>The texts of a data set, or, of null, of the pretraining's.</summary>
    public Func<string?, EncodedSet> Texts { get; init; } = _ => throw new InvalidOperationException("There are no texts here.");

    /// <summary>
    /// Builds a model that learns, of its options or, of null, as a copy of the generator as it is now; it belongs to whoever asks.
    /// </summary>
    public Func<GeneratorOptions?, Generator> Learning { get; init; } =
        _ => throw new InvalidOperationException("There are no models here.");

    /// <summary>Gives the model of a folder, on <see cref="Device"/>, that never learns; whoever asks does not own it.</summary>
    public Func<string, Generator> Frozen { get; init; } = _ => throw new InvalidOperationException("There are no frozen models here.");
}
