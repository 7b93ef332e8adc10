using TextGan.Data;
using TextGan.Data.Grammar;
using TextGan.Data.Teachers;
using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Learning.Credit;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Updates;
using TextGan.Metrics;
using TextGan.Metrics.Judges;
using TextGan.Metrics.Embeddings;
using TextGan.Metrics.Rankers;
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

    /// <summary>Numbers for each parameter that learns: weight, gradient, two moments.</summary>
    const int StatesOfParameter = 4;

    /// <summary>
    /// Arrays of batch x length x vocabulary that are alive at once in a step: logits, softmax or relaxed tokens, gradients.
    /// </summary>
    const int WideArrays = 5;

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
        var sizes = new ModelSizes(vocabulary, experiment.BaseFolder, options.Estimator is PathwiseOptions);
        var generator = sizes.Of(options.Generator);
        ModelSize[] discriminators = [.. options.Discriminators.Select(one => sizes.Of(one, generator))];
        var copies = (options.Training.WeightAverage > 0 ? 1 : 0) + (NeedsReference(options) ? 1 : 0) // of what learns
            + (options.Estimator is PolicyGradientOptions { Credit: RolloutCreditOptions { Lag: > 0 } } ? 1 : 0);
        var (frozen, reading) = Folders(experiment);
        var states = generator.Frozen + generator.Learning * (StatesOfParameter + copies)
            + discriminators.Sum(size => size.Learning) * StatesOfParameter + frozen
            + (options.Regularizers.Mediator is { } mediator
                ? sizes.Of(mediator.Model ?? options.Generator).Learning * StatesOfParameter : 0)
            + options.Evaluation.Metrics.Sum(metric => JudgeOf(metric, sizes, generator));
        var numbers = WideArrays * vocabulary + discriminators.Append(generator).Sum(size => size.Kept);
        var tokens = Math.Max(Rows(options.Training.Batch, options.Training.Accumulate) * options.Length,
            options.Pretraining is { } pretraining ? Rows(pretraining.Batch, pretraining.Accumulate)
                * (pretraining.Teacher is { Context: { } context } teacher ? (long)teacher.Positions * context : options.Length) : 0);
        var data = NamedFiles.ReadBy(experiment).Sum(file => Math.Min(LengthOf(file.Path), LargestInMemory) * CopiesOfData);
        return Program + Math.Max(sizeof(float) * (states + tokens * numbers), reading) + data;
    }

    /// <summary>Whether a copy of the generator is kept as it was at the start of the adversarial phase.</summary>
    static bool NeedsReference(ExperimentOptions options) => options.Discriminators.Any(one => one.ReadsReference)
        || options.Evaluation.Metrics.Any(metric => metric.NeedsReference)
        || RegularizerKinds.HasKl(options.Regularizers, [.. (options.Combiner as ScheduledCombinerOptions)?.Weights.Keys ?? []]);

    /// <summary>Numbers of a metric's own model.</summary>
    static long JudgeOf(MetricOptions metric, ModelSizes sizes, ModelSize generator) => metric switch
    {
        GoldMetricOptions { Judge: LikelihoodJudgeOptions gold } when sizes.Of(gold.Generator) is var size =>
            size.Frozen + size.Learning * (gold.Epochs > 0 ? StatesOfParameter : 1),
        FreshDiscriminatorMetricOptions fresh => StatesOfParameter * sizes.Of(fresh.Discriminator, generator).Learning,
        _ => 0,
    };

    /// <summary>
    /// Of the models in folders: numbers of those that stay as they are, and bytes when the last is read, whose files are then in memory.
    /// </summary>
    static (long Frozen, long Reading) Folders(LoadedExperiment experiment)
    {
        (bool IsFrozen, long Parameters, long Files)[] models = [.. NamedFiles.ReadBy(experiment)
            .Where(file => file.Reader is PretrainedGeneratorOptions or IModelReader or ModelRankerOptions or PretrainedEncoderOptions
                or LanguageModelTeacherOptions or SamplesDataOptions)
            // Discriminators share one copy.
            .DistinctBy(file => (file.Path, IsFrozen(file), file.Reader is DiscriminatorOptions ? null : file.Reader!.GetType()))
            .Select(file => (IsFrozen(file),
                ModelConfig.Read(file.Path).Parameters,
                Directory.EnumerateFiles(file.Path, "*.safetensors").Sum(LengthOf)))];
        return (models.Where(model => model.IsFrozen).Sum(model => model.Parameters),
            sizeof(float) * models.Sum(model => model.Parameters) + models.Select(model => model.Files).DefaultIfEmpty().Max());
    }

    /// <summary>Whether a model stays in memory as it is; one that data are drawn from is gone when they are there.</summary>
    static bool IsFrozen(NamedFile file) =>
        file.Reader is IModelReader or ModelRankerOptions or PretrainedEncoderOptions or LanguageModelTeacherOptions
        && !file.Place.StartsWith("$.data", StringComparison.Ordinal);

    /// <summary>Rows of one part of a batch.</summary>
    static long Rows(int batch, int parts) => ((long)batch + parts - 1) / parts;

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
}
