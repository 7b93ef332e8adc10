using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Generators;

namespace TextGan.Runs;

/// <summary>Copies of an experiment's discriminators for a generator that reads their features.</summary>
static class LeakedFeatures
{
    /// <summary>What <see cref="GeneratorContext.Features"/> asks for.</summary>
    /// <param name="options">The experiment.</param>
    /// <param name="encoder">Its tokenizer and length.</param>
    /// <param name="device">The generator's device.</param>
    /// <param name="begin">Builds the discriminator of a number with the weights that it begins with; null: with any, as others are
    /// loaded.</param>
    public static Func<string, PrefixFeatures> By(ExperimentOptions options, TextEncoder encoder, Device device,
        Func<int, Func<Discriminator>, Discriminator>? begin = null) => name =>
    {
        var tokenizer = encoder.Tokenizer;
        var index = options.Discriminators.TakeWhile(one => one.Name != name).Count();
        var model = begin is null ? Build() : begin(index, Build);
        return new DiscriminatorFeatures(model, encoder.Length, tokenizer.EndId, tokenizer.PaddingId, device);

        // The generator's likelihood, which a structured one subtracts, is no feature.
        Discriminator Build() => (options.Discriminators[index] with { Structured = false }).BuildModel(
            new DiscriminatorContext(tokenizer.VocabularySize, encoder.Length, tokenizer.EndId, device, tokenizer.Decode)
            {
                StartId = tokenizer.StartId,
            });
    };
}
