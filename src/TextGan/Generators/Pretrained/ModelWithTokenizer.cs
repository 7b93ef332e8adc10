using TextGan.Native;

namespace TextGan.Generators.Pretrained;

/// <summary>A folder in Hugging Face's layout with a language model and its own tokenizer.</summary>
public static class ModelWithTokenizer
{
    /// <summary>Whether a folder's config.json is that of a model; false where there is none, or one that cannot be read.</summary>
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

    /// <summary>Reads both. The model does not learn.</summary>
    /// <exception cref="InvalidInputException">A file is missing or damaged, or the two have not one vocabulary.</exception>
    public static (DecoderGenerator Model, ITokenizer Tokenizer) Read(string folder, Device device)
    {
        var tokenizer = ValidatingTokenizer.Build(new PretrainedTokenizerOptions { Path = folder }, new TokenizerContext("", [], null));
        using var unfinished = new Unfinished();
        var model = unfinished.Add(PretrainedModel.Read(folder, device));
        if (model.VocabularySize != tokenizer.VocabularySize)
            throw new InvalidInputException(folder, $"The model has a vocabulary of {model.VocabularySize:N0}; the tokenizer has " +
                $"{Amount.Of(tokenizer.VocabularySize, "token")}.");
        model.eval();
        foreach (var parameter in model.parameters()) parameter.requires_grad_(false);
        return (unfinished.Finish(model), tokenizer);
    }
}
