using System.Globalization;
using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Learning.Updates;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>
/// Gumbel-softmax steps of a small transformer on texts of any length and few words: what they hold is what the steps of a text keep for
/// the way back.
/// </summary>
static class TransformerGumbel
{
    const string Prefix = "transformer_gumbel_";
    const int Rows = 16, Vocabulary = 20;

    /// <summary>The path of a name such as "transformer_gumbel_128", texts of 128 tokens; null for another name.</summary>
    public static IBenchmarkPath? Named(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)
            || !int.TryParse(name[Prefix.Length..], CultureInfo.InvariantCulture, out var length)) return null;
        var generator = new TransformerGeneratorOptions { Hidden = 128, Layers = 2, Heads = 4 }.Build(
            new GeneratorContext(Vocabulary, length, BenchmarkDevice.Current));
        var discriminator = new BagDiscriminatorOptions { Name = "bag" }.Build(
            new DiscriminatorContext(Vocabulary, length, null, BenchmarkDevice.Current, ids => string.Join(' ', ids)));
        return new GeneratorStep(generator, [discriminator], GeneratorStep.GumbelEstimator(), Rows, length);
    }
}
