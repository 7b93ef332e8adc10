using TextGan.Generators.Pretrained;
using TextGan.Generators.Sampling;

namespace TextGan.Data.Teachers;

/// <summary>
/// A pretrained model that answers prompts, with its own tokenizer. Prompt and answer have as many tokens of it as the experiment's rows
/// ('length', 'promptLength'): of a longer prompt the last tokens are kept, a longer answer is cut.
/// </summary>
public sealed record ModelTeacherOptions : TeacherOptions, IFolderReader
{
    /// <summary>The model's folder in Hugging Face's layout; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>How answers are drawn. Default: from the model's own distribution.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>How the model reads a prompt, as 'template' of the data sets; null (default): as it is.</summary>
    public ChatTemplate? Template { get; init; }

    /// <summary>The same seed gives the same answers on the same device with the same threads. Default 1.</summary>
    public int Seed { get; init; } = 1;

    static readonly PretrainedTokenizerOptions tokenizer = new();

    public override bool CanAnswer => true;

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => [.. ModelFiles.Of(folder).Union(tokenizer.FilesIn(folder))];

    public override Teacher Build(TeacherContext context)
    {
        var folder = InputFile.Resolve(context.BaseFolder, Model);
        return new ModelTeacher(PretrainedModel.Read(folder, context.Device), Encoder(context), this);
    }

    /// <summary>The model's tokenizer, for rows of the experiment's length.</summary>
    /// <exception cref="InvalidInputException">The files are damaged, or the model reads fewer tokens.</exception>
    internal TextEncoder Encoder(TeacherContext context)
    {
        var folder = InputFile.Resolve(context.BaseFolder, Model);
        var (config, own) = (ModelConfig.Read(folder), (tokenizer with { Path = folder }).Build(new TokenizerContext("", [])));
        if (context.Length > config.MaximumLength)
            throw new InvalidInputException("$.length",
                $"is {context.Length}; the teacher reads at most {config.MaximumLength} tokens ({folder}).");
        if (config.VocabularySize != own.VocabularySize)
            throw new InvalidInputException(folder,
                $"the model has {Amount.Of(config.VocabularySize, "token")}, its tokenizer {own.VocabularySize:N0}.");
        return new TextEncoder(own, context.Length ?? config.MaximumLength, context.PromptLength);
    }
}
