using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;

namespace TextGan.Runs;

/// <summary>
/// The main memory that a run will need at most, from its options alone: good to a factor of about two, enough to decide how many runs fit on
/// a machine. Where only the data tell a size (a learnt vocabulary), the option's limit counts.
/// </summary>
public static class RunMemory
{
    /// <summary>.NET, LibTorch and what both keep free.</summary>
    const long Program = 350_000_000;

    /// <summary>Numbers for each parameter: weight, gradient, two moments.</summary>
    const int StatesOfParameter = 4;

    /// <summary>Arrays of batch x length x vocabulary that are alive at once in a step: logits, softmax or relaxed tokens, gradients.</summary>
    const int WideArrays = 5;

    /// <summary>Arrays of batch x length x hidden that a layer keeps for the backward pass.</summary>
    const int ArraysOfLayer = 16;

    /// <summary>Copies of a data set's file: texts, ids, what encoding leaves behind.</summary>
    const int CopiesOfData = 3;

    /// <summary>Files over this size stay on disk.</summary>
    const long LargestInMemory = 256L << 20;

    const int UnknownVocabulary = 10_000;

    /// <summary>Bytes.</summary>
    public static long Estimate(LoadedExperiment experiment)
    {
        var options = experiment.Options;
        long vocabulary = options.Tokenizer switch
        {
            WordTokenizerOptions words => words.Vocabulary,
            IdTokenizerOptions ids => ids.Vocabulary,
            CharacterTokenizerOptions => 200,
            TiktokenTokenizerOptions => 100_000,
            _ => UnknownVocabulary,
        };
        var (parameters, width, layers) = Generator(options.Generator, vocabulary);
        var batch = Math.Max(options.Training.Batch, options.Pretraining?.Batch ?? 0);
        var discriminators = options.Discriminators.Sum(discriminator => Discriminator(discriminator, vocabulary));
        var states = (parameters * (StatesOfParameter + (options.Training.WeightAverage > 0 ? 1 : 0)) + discriminators * StatesOfParameter);
        var activations = (long)batch * options.Length * (WideArrays * vocabulary + ArraysOfLayer * width * layers);
        var data = NamedFiles.ReadBy(experiment).Select(file => new FileInfo(file.Path)).Where(file => file.Exists)
            .Sum(file => Math.Min(file.Length, LargestInMemory) * CopiesOfData);
        return Program + sizeof(float) * (states + activations) + data;
    }

    static (long Parameters, long Width, long Layers) Generator(GeneratorOptions options, long vocabulary) => options switch
    {
        LstmGeneratorOptions lstm => (
            vocabulary * lstm.Embedding + (lstm.TieEmbeddings ? 0 : vocabulary * lstm.Hidden)
                + Lstm(lstm.Embedding, lstm.Hidden) + (lstm.Layers - 1) * Lstm(lstm.Hidden, lstm.Hidden), lstm.Hidden, lstm.Layers),
        TransformerGeneratorOptions transformer => (
            vocabulary * transformer.Hidden * (transformer.TieEmbeddings ? 1 : 2)
                + transformer.Layers * (4L * transformer.Hidden + 3L * (transformer.FeedForward ?? 4 * transformer.Hidden)) * transformer.Hidden,
            transformer.Hidden, transformer.Layers),
        _ => (vocabulary * 256, 256, 4),
    };

    static long Discriminator(DiscriminatorOptions options, long vocabulary) => options switch
    {
        CnnDiscriminatorOptions cnn => vocabulary * cnn.Embedding + (long)cnn.Widths.Sum() * cnn.Filters.Max() * cnn.Embedding,
        LstmDiscriminatorOptions lstm => vocabulary * lstm.Embedding
            + (lstm.Bidirectional ? 2 : 1) * (Lstm(lstm.Embedding, lstm.Hidden) + (lstm.Layers - 1) * Lstm(lstm.Hidden, lstm.Hidden)),
        TransformerDiscriminatorOptions transformer => vocabulary * transformer.Embedding
            + 12L * transformer.Layers * transformer.Embedding * transformer.Embedding,
        BagDiscriminatorOptions bag => vocabulary * bag.Embedding,
        _ => 0,
    };

    static long Lstm(long read, long hidden) => 4 * hidden * (read + hidden + 2);
}
