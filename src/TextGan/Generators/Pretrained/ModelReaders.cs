namespace TextGan.Generators.Pretrained;

/// <summary>What may be wrong with the models that options name. Paths of options have no trailing dot.</summary>
static class ModelReaders
{
    /// <summary>Of the option alone, where it may be left out.</summary>
    public static IEnumerable<Problem> CheckName(this IModelReader reader, string path)
    {
        if (reader.Model is { Length: 0 })
            yield return new Problem($"{path}.model", "is empty; name the folder of a model, or leave it out to read the generator.");
    }

    /// <summary>Of the folder, if one is named: all that is seen without reading the weights.</summary>
    public static IEnumerable<Problem> CheckFiles(this IModelReader reader, string path, string baseFolder, int length)
    {
        if (reader.Model is not { Length: > 0 } || InputFile.Resolve(baseFolder, reader.Model) is var folder && !Directory.Exists(folder))
            return []; // reported already
        try
        {
            var config = ModelConfig.Read(folder);
            ModelFiles.Weights(folder);
            return reader.CheckShape(path, reader.NameOfModel(), config.Layers, config.MaximumLength, length);
        }
        catch (InvalidInputException bad)
        {
            return bad.Problems.Select(problem => new Problem(path + ".model", problem.ToString()));
        }
    }

    /// <summary>Where the model of a folder has other tokens than the tokenizer.</summary>
    public static IEnumerable<Problem> CheckVocabulary(this IModelReader reader, string path, string baseFolder, int ofTokenizer)
    {
        if (reader.Model is { } folder && ModelConfig.Read(InputFile.Resolve(baseFolder, folder)).VocabularySize is var tokens
            && tokens != ofTokenizer)
            yield return OtherVocabulary(path, reader.NameOfModel(), tokens, ofTokenizer);
    }

    /// <summary>Of the model itself, of which embeddings are read.</summary>
    public static IEnumerable<Problem> CheckModel(this IModelReader reader, string path, Generator model, int ofTokenizer, int length)
    {
        var name = reader.NameOfModel();
        bool isShown;
        using (NewDisposeScope()) isShown = model.EmbeddingTable is not null;
        if (!isShown) return [new Problem($"{path}.model", $"{name} is of a kind that does not show its embeddings.")];
        return model.VocabularySize != ofTokenizer ? [OtherVocabulary(path, name, model.VocabularySize, ofTokenizer)]
            : reader.CheckShape(path, name, model.LayerCount, model.MaximumLength, length);
    }

    static string NameOfModel(this IModelReader reader) => reader.Model is { } folder ? $"the model in '{folder}'" : "the generator";

    static Problem OtherVocabulary(string path, string name, int tokens, int ofTokenizer) => new($"{path}.model",
        $"{name} has {tokens:N0} tokens, the experiment's tokenizer {ofTokenizer:N0}; a model can read the ids of its own tokenizer only.");
}
