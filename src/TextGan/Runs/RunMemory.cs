using TextGan.Data.Grammar;
using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Tokenization.ByteLevel;

namespace TextGan.Runs;

/// <summary>
/// The main memory that a run will need at most, from its options alone: good to a factor of about two, enough to decide how many runs fit
/// on a machine. Where only the data tell a size (a learnt vocabulary), the option's limit counts.
/// </summary>
public static class RunMemory
{
    /// <summary>.NET, LibTorch and what both keep free.</summary>
    const long Program = 350_000_000;

    /// <summary>Numbers for each parameter: weight, gradient, two moments.</summary>
    const int StatesOfParameter = 4;

    /// <summary>
    /// Arrays of batch x length x vocabulary that are alive at once in a step: logits, softmax or relaxed tokens, gradients.
    /// </summary>
    const int WideArrays = 5;

    /// <summary>Arrays of batch x length x hidden that a layer keeps for the backward pass.</summary>
    const int ArraysOfLayer = 16;

    /// <summary>Copies of a data set's file: texts, ids, what encoding leaves behind.</summary>
    const int CopiesOfData = 3;

    /// <summary>Files over this size stay on disk.</summary>
    const long LargestInMemory = 256L << 20;

    /// <summary>Tokens of a vocabulary whose size nothing tells.</summary>
    const long UnknownVocabulary = 10_000;

    /// <summary>Words of the built-in grammar, roughly.</summary>
    const long GrammarVocabulary = 500;

    /// <summary>Bytes of a vocabulary file for each token, roughly.</summary>
    const long BytesOfToken = 20;

    /// <summary>Bytes.</summary>
    public static long Estimate(LoadedExperiment experiment)
    {
        var options = experiment.Options;
        var vocabulary = Vocabulary(experiment);
        var generator = Generator(options.Generator, vocabulary, experiment.BaseFolder);
        Size[] discriminators = [.. options.Discriminators.Select(discriminator => Discriminator(discriminator, vocabulary))];
        var states = generator.Parameters * (StatesOfParameter + (options.Training.WeightAverage > 0 ? 1 : 0))
            + discriminators.Sum(size => size.Parameters) * StatesOfParameter;
        var numbers = WideArrays * vocabulary + ArraysOfLayer * discriminators.Append(generator).Sum(size => size.Width * size.Layers);
        var tokens = (long)Math.Max(options.Training.Batch, options.Pretraining?.Batch ?? 0) * options.Length;
        var data = NamedFiles.ReadBy(experiment).Sum(file => Math.Min(LengthOf(file.Path), LargestInMemory) * CopiesOfData);
        return Program + sizeof(float) * (states + tokens * numbers) + data;
    }

    static long Vocabulary(LoadedExperiment experiment)
    {
        var learnt = experiment.Options.Data.Values.All(data => data is GrammarDataOptions) ? GrammarVocabulary : long.MaxValue;
        long FromFile(string path) => LengthOf(InputFile.Resolve(experiment.BaseFolder, path)) / BytesOfToken;
        return experiment.Options.Tokenizer switch
        {
            WordTokenizerOptions words => Math.Min(words.Vocabulary, learnt),
            CharacterTokenizerOptions characters => Math.Min(characters.Vocabulary, GrammarVocabulary),
            IdTokenizerOptions ids => ids.Vocabulary,
            SentencePieceTokenizerOptions pieces => FromFile(pieces.Model),
            BpeTokenizerOptions pieces => FromFile(pieces.VocabularyFile),
            TiktokenTokenizerOptions => 200_000,
            PretrainedTokenizerOptions pieces => SpecialTokens.VocabularySize(InputFile.Resolve(experiment.BaseFolder, pieces.Path))
                ?? UnknownVocabulary,
            _ => UnknownVocabulary,
        };
    }

    static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Parameters; layers, and numbers of a token that each of them keeps.</summary>
    readonly record struct Size(long Parameters, long Width, long Layers);

    static Size Generator(GeneratorOptions options, long vocabulary, string baseFolder) => options switch
    {
        LstmGeneratorOptions lstm => new(
            vocabulary * (lstm.Embedding + (lstm.TieEmbeddings ? 0 : lstm.Hidden))
                + Lstm(lstm.Embedding, lstm.Hidden) + (lstm.Layers - 1) * Lstm(lstm.Hidden, lstm.Hidden), lstm.Hidden, lstm.Layers),
        TransformerGeneratorOptions transformer => new(
            vocabulary * transformer.Hidden * (transformer.TieEmbeddings ? 1 : 2) + transformer.Layers
                * (4L * transformer.Hidden + 3L * (transformer.FeedForward ?? 4 * transformer.Hidden)) * transformer.Hidden,
            transformer.Hidden, transformer.Layers),
        PretrainedGeneratorOptions pretrained => Pretrained(ModelConfig.Read(InputFile.Resolve(baseFolder, pretrained.Path))),
        _ => new(vocabulary * 256, 256, 4),
    };

    static Size Pretrained(ModelConfig model) => new(model.Parameters, model.Hidden, model.Layers);

    static Size Discriminator(DiscriminatorOptions options, long vocabulary) => options switch
    {
        CnnDiscriminatorOptions cnn => new(vocabulary * cnn.Embedding + (long)cnn.Widths.Sum() * cnn.Filters.Max() * cnn.Embedding,
            cnn.Embedding + cnn.Filters.Max(), cnn.Widths.Count),
        LstmDiscriminatorOptions lstm => new(vocabulary * lstm.Embedding
            + (lstm.Bidirectional ? 2 : 1) * (Lstm(lstm.Embedding, lstm.Hidden) + (lstm.Layers - 1) * Lstm(lstm.Hidden, lstm.Hidden)),
            lstm.Hidden, lstm.Layers),
        TransformerDiscriminatorOptions transformer => new(vocabulary * transformer.Embedding
            + 12L * transformer.Layers * transformer.Embedding * transformer.Embedding, transformer.Embedding, transformer.Layers),
        BagDiscriminatorOptions bag => new(vocabulary * bag.Embedding, bag.Embedding, 1),
        _ => default,
    };

    static long Lstm(long read, long hidden) => 4 * hidden * (read + hidden + 2);
}
