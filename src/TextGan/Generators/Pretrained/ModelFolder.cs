namespace TextGan.Generators.Pretrained;

/// <summary>A folder of Hugging Face's layout that has a model and its own tokenizer.</summary>
static class ModelFolder
{
    static readonly PretrainedTokenizerOptions tokenizer = new();

    /// <summary>Whether a folder has a model's config.json; false if the file is missing or cannot be read.</summary>
    public static bool Is(string folder)
    {
        try
        {
            return JsonFile.Object(Path.Combine(folder, ModelConfig.FileName)).TryGetProperty("architectures", out _);
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }

    /// <summary>The full paths of the files of both.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) => [.. ModelFiles.Of(folder).Union(tokenizer.FilesIn(folder))];

    /// <summary>Reads all but the weights.</summary>
    /// <exception cref="InvalidInputException">A file is missing or damaged, or the two have different vocabularies.</exception>
    public static (ModelConfig Config, ITokenizer Tokenizer) Read(string folder)
    {
        var config = ModelConfig.Read(folder);
        var own = (tokenizer with { Path = folder }).Build(new TokenizerContext("", []));
        if (config.VocabularySize != own.VocabularySize)
            throw new InvalidInputException(folder,
                $"the model has {Amount.Of(config.VocabularySize, "token")}, its tokenizer {own.VocabularySize:N0}.");
        return (config, own);
    }

    /// <summary>Reads both. The model does not learn.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static (DecoderGenerator Model, ITokenizer Tokenizer) Load(string folder, Device device)
    {
        var (_, own) = Read(folder);
        return (PretrainedModel.ReadFrozen(folder, device), own);
    }
}
