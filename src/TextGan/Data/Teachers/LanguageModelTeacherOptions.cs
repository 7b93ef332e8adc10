using TextGan.Generators.Pretrained;
using TextGan.Generators.Sampling;

namespace TextGan.Data.Teachers;

/// <summary>
/// A language model that stays as it is, with its own tokenizer. Its score of a text is the log-likelihood in nats of the text given its
/// prompt, by default the mean per token; the end token counts where the text ended. It prefers the text with the higher score, labels by
/// 'above', and answers prompts by drawing texts. Of texts that are longer than the model reads only the beginning counts, of long prompts
/// the end. A prompt and its answer have as many tokens of this model as the experiment's rows ('length', 'promptLength').
/// </summary>
public sealed record LanguageModelTeacherOptions : TeacherOptions, IFolderReader
{
    /// <summary>The model's folder in Hugging Face's layout; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>Scores: what logits are divided by. Default 1.</summary>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Scores: α, where the log-likelihood of a text of n tokens is divided by n^α. 1 (default): the mean per token; 0: the sum, by which
    /// short texts are better.
    /// </summary>
    [Range(0.0, 2.0)]
    public double LengthPower { get; init; } = 1;

    /// <summary>
    /// Texts with a score above this have the property that it labels by. Null (default): it labels nothing.
    /// </summary>
    public double? Above { get; init; }

    /// <summary>Answers: how they are drawn. Default: from the model's own distribution.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Answers: how the model reads a prompt, as 'template' of the data sets; null (default): as it is.</summary>
    public ChatTemplate? Template { get; init; }

    /// <summary>Answers: the same seed gives the same ones on the same device with the same threads. Default 1.</summary>
    public int Seed { get; init; } = 1;

    public override bool CanLabel => Above is not null;

    public override bool CanPrefer => true;

    public override bool CanAnswer => true;

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => ModelFolder.FilesIn(folder);

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Model.Length == 0) yield return new Problem($"{path}.model", "is empty; name the folder of a model.");
    }

    public override void Check(TeacherContext context) => Encoder(context);

    public override Teacher Build(TeacherContext context)
    {
        var encoder = Encoder(context);
        return new LanguageModelTeacher(
            PretrainedModel.Read(InputFile.Resolve(context.BaseFolder, Model), context.Device), encoder, this);
    }

    /// <summary>The model's tokenizer, for rows of the context's length, or of all that the model reads.</summary>
    /// <exception cref="InvalidInputException">The files are damaged, or the model reads fewer tokens.</exception>
    internal TextEncoder Encoder(TeacherContext context)
    {
        var folder = InputFile.Resolve(context.BaseFolder, Model);
        var (config, tokenizer) = ModelFolder.Read(folder);
        if (context.Length > config.MaximumLength)
            throw new InvalidInputException("$.length",
                $"is {context.Length}; the teacher reads at most {config.MaximumLength} tokens ({folder}).");
        return new TextEncoder(tokenizer, context.Length ?? config.MaximumLength, context.PromptLength);
    }
}
