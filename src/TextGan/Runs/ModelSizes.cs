using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Generators.Lora;
using TextGan.Generators.Pretrained;

namespace TextGan.Runs;

/// <summary>What a model takes in memory, roughly, in numbers.</summary>
/// <param name="Learning">Parameters that learn.</param>
/// <param name="Frozen">Parameters that do not.</param>
/// <param name="Kept">What its layers keep of each token for the backward pass.</param>
readonly record struct ModelSize(long Learning, long Frozen, long Kept);

/// <summary>The sizes of models by their options.</summary>
/// <param name="vocabulary">V.</param>
/// <param name="baseFolder">Where relative paths start.</param>
/// <param name="isRelaxed">Whether gradients pass through relaxed texts, which are drawn step by step.</param>
sealed class ModelSizes(long vocabulary, string baseFolder, bool isRelaxed)
{
    /// <summary>Arrays of a layer's width that it keeps of each token for the backward pass.</summary>
    const int ArraysOfLayer = 16;

    public ModelSize Of(GeneratorOptions options) => options switch
    {
        LstmGeneratorOptions lstm => new(
            vocabulary * (lstm.Embedding + (lstm.TieEmbeddings ? 0 : lstm.Hidden))
                + Lstm(lstm.Embedding, lstm.Hidden) + (lstm.Layers - 1) * Lstm(lstm.Hidden, lstm.Hidden), 0,
            Kept(lstm.Hidden, lstm.Layers)),
        RelationalMemoryGeneratorOptions memory => OfMemory(memory, memory.Heads * memory.HeadSize),
        TransformerGeneratorOptions transformer => new(
            vocabulary * transformer.Hidden * (transformer.TieEmbeddings ? 1 : 2) + transformer.Layers
                * (4L * transformer.Hidden + 3L * transformer.Shape((int)vocabulary).FeedForward) * transformer.Hidden, 0,
            Kept(transformer.Hidden, transformer.Layers, transformer.CheckpointActivations)),
        LeakGeneratorOptions leak => new(
            vocabulary * (leak.Embedding + (leak.Hidden + 1L) * leak.GoalSize) + Lstm(leak.Embedding, leak.Hidden), 0,
            Kept(leak.Hidden, 2) + (leak.Hidden + 1L) * leak.GoalSize),
        PretrainedGeneratorOptions pretrained => Of(pretrained, ConfigIn(pretrained.Path)),
        _ => new(vocabulary * 256, 0, Kept(256, 4)),
    };

    /// <summary>Beside the table and the head: three, two and two matrices of the slots' width and those of the network.</summary>
    ModelSize OfMemory(RelationalMemoryGeneratorOptions options, long width) => new(
        vocabulary * (options.Embedding + options.Slots * width) + (options.Embedding + (7 + options.MlpLayers) * width) * width, 0,
        Kept((options.Slots + 1) * width, 2));

    ModelSize Of(PretrainedGeneratorOptions options, ModelConfig model)
    {
        var kept = KeptBy(model, options.CheckpointActivations);
        return options.Lora is { } lora ? new(AdaptersOf(lora, model), model.Parameters, kept) : new(model.Parameters, 0, kept);
    }

    static long AdaptersOf(LoraOptions lora, ModelConfig model)
    {
        var targets = lora.Targets ?? model.UsualTargets;
        return model.Layers * lora.Rank
            * model.LinearLayers.Where(layer => targets.Contains(layer.Name)).Sum(layer => layer.Inputs + layer.Outputs);
    }

    /// <summary>All members; the frozen models of folders apart, which several may share.</summary>
    public ModelSize Of(DiscriminatorOptions options, ModelSize generator)
    {
        var one = OfMember(options, generator);
        return new(options.Members * one.Learning, 0, options.Members * one.Kept);
    }

    ModelSize OfMember(DiscriminatorOptions options, ModelSize generator) => options switch
    {
        CnnDiscriminatorOptions cnn => new(vocabulary * cnn.Embedding + (long)cnn.Widths.Sum() * cnn.Filters.Max() * cnn.Embedding, 0,
            Kept(cnn.Embedding + cnn.Filters.Max(), cnn.Widths.Count)),
        LstmDiscriminatorOptions lstm => new(vocabulary * lstm.Embedding
            + (lstm.Bidirectional ? 2 : 1) * (Lstm(lstm.Embedding, lstm.Hidden) + (lstm.Layers - 1) * Lstm(lstm.Hidden, lstm.Hidden)),
            0, Kept(lstm.Hidden, lstm.Layers)),
        TransformerDiscriminatorOptions transformer => new(vocabulary * transformer.Embedding
            + 12L * transformer.Layers * transformer.Embedding * transformer.Embedding, 0,
            Kept(transformer.Embedding, transformer.Layers)),
        BagDiscriminatorOptions bag => new(vocabulary * bag.Embedding, 0, Kept(bag.Embedding, 1)),
        // Without relaxed texts no gradient passes through the model; what learns is small.
        FeaturesDiscriminatorOptions { From: FeatureSource.Hidden } features when isRelaxed => new(0, 0,
            KeptBy(features, generator)),
        LanguageModelDiscriminatorOptions likelihood when isRelaxed => new(0, 0, KeptBy(likelihood, generator) + vocabulary),
        _ => default,
    };

    /// <summary>Of recomputed layers all keep their input, and one at a time the rest; drawing step by step recomputes nothing.</summary>
    long Kept(long width, long layers, bool recomputes = false) =>
        width * (recomputes && !isRelaxed ? layers + ArraysOfLayer : layers * ArraysOfLayer);

    long KeptBy(ModelConfig model, bool recomputes = false) => Kept(model.Hidden, model.Layers, recomputes);

    long KeptBy(IModelReader reader, ModelSize generator) =>
        reader.Model is null ? generator.Kept : KeptBy(ConfigIn(reader.Model));

    ModelConfig ConfigIn(string folder) => ModelConfig.Read(InputFile.Resolve(baseFolder, folder));

    static long Lstm(long read, long hidden) => 4 * hidden * (read + hidden + 2);
}
