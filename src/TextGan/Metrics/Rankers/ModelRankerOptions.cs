using TextGan.Generators;
using TextGan.Generators.Pretrained;

namespace TextGan.Metrics.Rankers;

/// <summary>
/// A model in Hugging Face's layout with its own tokenizer. If that has the experiment's vocabulary, the model reads the strings token by
/// token; else it reads the text that they spell, and the mean is over its own tokens.
/// </summary>
public sealed record ModelRankerOptions : RankerOptions, IFolderReader
{
    /// <summary>The model's folder; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => ModelFolder.FilesIn(folder);

    public override Ranker Build(RankerContext context)
    {
        var (model, tokenizer) = ModelFolder.Load(InputFile.Resolve(context.BaseFolder, Model), context.Device);
        return new ModelRanker(model, tokenizer, context.Encoder.Tokenizer, context.BatchSize);
    }
}

/// <summary>Ranks by a model of a folder.</summary>
/// <param name="model">The model; disposed of with this.</param>
/// <param name="own">Its tokenizer.</param>
/// <param name="given">The tokenizer of the strings.</param>
/// <param name="batchSize">The most strings in one forward pass.</param>
public sealed class ModelRanker(Generator model, ITokenizer own, ITokenizer given, int batchSize) : Ranker, IDisposable
{
    readonly bool sameVocabulary = own.VocabularySize == given.VocabularySize && (own.StartId, own.EndId) == (given.StartId, given.EndId)
        && Enumerable.Range(0, own.VocabularySize).All(id => own.TokenText(id) == given.TokenText(id));

    public override IReadOnlyList<double> Scores(IReadOnlyList<int[]> strings, EvaluationContext context) =>
        Scores(model, own, sameVocabulary ? strings : strings.Select(ids => Own(given.Decode(ids))), batchSize);

    IReadOnlyList<int> Own(string text) => [.. own.Encode(text).Take(model.MaximumLength ?? int.MaxValue)];

    public void Dispose() => model.Dispose();
}
