using TextGan.Generators;
using TextGan.Generators.Pretrained;

namespace TextGan.Discriminators;

/// <summary>What is wrong with the frozen models of discriminators.</summary>
static class FrozenModelChecks
{
    /// <summary>Of the option alone.</summary>
    public static IEnumerable<Problem> Validate(this IFrozenModelReader reader, string path)
    {
        if (reader.Model is { Length: 0 })
            yield return new Problem($"{path}.model", "is empty; name the folder of a model, or leave it out to read the generator.");
    }

    /// <summary>Of the folder, if one is named: all that is seen without reading the weights.</summary>
    /// <param name="reader">The options.</param>
    /// <param name="path">Their JSON path.</param>
    /// <param name="baseFolder">Relative paths start here.</param>
    /// <param name="more">Yields what else is wrong, of the model's name, number of layers and longest text.</param>
    public static IEnumerable<Problem> CheckFolder(this IFrozenModelReader reader, string path, string baseFolder,
        Func<string, int, int?, IEnumerable<Problem>> more)
    {
        if (reader.Model is null || InputFile.Resolve(baseFolder, reader.Model) is var folder && !Directory.Exists(folder))
            return []; // reported already
        try
        {
            var config = ModelConfig.Read(folder);
            ModelFiles.Weights(folder);
            return more(reader.NameOfModel(), config.Layers, config.MaximumLength);
        }
        catch (InvalidInputException bad)
        {
            return bad.Problems.Select(problem => new Problem(path + ".model", problem.ToString()));
        }
    }

    /// <summary>Of the model itself.</summary>
    /// <inheritdoc cref="CheckFolder"/>
    public static IEnumerable<Problem> CheckModel(this IFrozenModelReader reader, string path, Generator model, int ofTokenizer,
        Func<string, int, int?, IEnumerable<Problem>> more)
    {
        var name = reader.NameOfModel();
        bool isShown;
        using (NewDisposeScope()) isShown = model.EmbeddingTable is not null;
        if (!isShown) return [new Problem($"{path}.model", $"{name} is of a kind that does not show its embeddings.")];
        return model.VocabularySize != ofTokenizer ? [OtherVocabulary(path, name, model.VocabularySize, ofTokenizer)]
            : more(name, model.LayerCount, model.MaximumLength);
    }

    /// <summary>What is wrong where the model of a folder has other tokens than the tokenizer.</summary>
    public static IEnumerable<Problem> CheckVocabulary(this IFrozenModelReader reader, string path, string baseFolder, int ofTokenizer)
    {
        if (reader.Model is { } folder && ModelConfig.Read(InputFile.Resolve(baseFolder, folder)).VocabularySize is var tokens
            && tokens != ofTokenizer)
            yield return OtherVocabulary(path, reader.NameOfModel(), tokens, ofTokenizer);
    }

    static string NameOfModel(this IFrozenModelReader reader) => reader.Model is { } folder ? $"the model in '{folder}'" : "the generator";

    static Problem OtherVocabulary(string path, string name, int tokens, int ofTokenizer) => new($"{path}.model",
        $"{name} has {tokens:N0} tokens, the experiment's tokenizer {ofTokenizer:N0}; a model can read the ids of its own tokenizer only.");
}
