namespace TextGan.Generators.Pretrained;

/// <summary>Options that name another model's folder, in Hugging Face's layout, which reads the ids of the experiment's texts.</summary>
interface IModelReader : IFolderReader
{
    /// <summary>The folder.</summary>
    string Model { get; }

    IReadOnlyList<string> IFolderReader.FilesIn(string folder) => ModelFiles.Of(folder);
}

/// <summary>What may be wrong with such a model.</summary>
static class ModelReaders
{
    /// <summary>What is wrong with the files, and with the length of texts for the model in them.</summary>
    /// <param name="reader">The options.</param>
    /// <param name="path">Their JSON path, without a trailing dot.</param>
    /// <param name="baseFolder">Relative paths start here.</param>
    /// <param name="length">T.</param>
    public static IEnumerable<Problem> CheckFiles(this IModelReader reader, string path, string baseFolder, int length)
    {
        if (InputFile.Resolve(baseFolder, reader.Model) is var folder && !Directory.Exists(folder)) return []; // reported already
        try
        {
            var config = ModelConfig.Read(folder);
            ModelFiles.Weights(folder);
            return length <= config.MaximumLength ? [] : [new($"{path}.model",
                $"the model in '{reader.Model}' reads at most {config.MaximumLength} tokens, and texts have {length} ('length').")];
        }
        catch (InvalidInputException bad)
        {
            return bad.Problems.Select(problem => new Problem($"{path}.model", problem.ToString()));
        }
    }

    /// <summary>What is wrong where the model has other tokens than the tokenizer; null where it has as many.</summary>
    public static Problem? CheckVocabulary(this IModelReader reader, string path, string baseFolder, int ofTokenizer) =>
        ModelConfig.Read(InputFile.Resolve(baseFolder, reader.Model)).VocabularySize is var tokens && tokens == ofTokenizer ? null
            : new($"{path}.model", $"the model in '{reader.Model}' has {tokens:N0} tokens, the experiment's tokenizer {ofTokenizer:N0}; " +
                "teacher and student must have one vocabulary.");
}
