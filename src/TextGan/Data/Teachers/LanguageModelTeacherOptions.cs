using TextGan.Generators.Pretrained;

namespace TextGan.Data.Teachers;

/// <summary>
/// A language model that stays as it is, with its own tokenizer: its score of a text is the log-likelihood in nats of the text given its
/// prompt, by default the mean per token. The end token counts where the text ended. Of texts that are longer than the model reads only
/// the beginning counts, of long prompts the end.
/// </summary>
public sealed record LanguageModelTeacherOptions : TeacherOptions, IFolderReader
{
    /// <summary>The model's folder in Hugging Face's layout; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>What its logits are divided by. Default 1.</summary>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// α: the log-likelihood of a text of n tokens is divided by n^α. 1 (default): the mean per token; 0: the sum, by which short texts are
    /// better.
    /// </summary>
    [Range(0.0, 2.0)]
    public double LengthPower { get; init; } = 1;

    /// <summary>
    /// Texts with a score above this have the property that it labels by. Null (default): it labels nothing and only scores and compares.
    /// </summary>
    public double? Above { get; init; }

    public override bool CanLabel => Above is not null;

    public override bool CanPrefer => true;

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => ModelFolder.FilesIn(folder);

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Model.Length == 0) yield return new Problem($"{path}.model", "is empty; name the folder of a model.");
    }

    public override void Check(TeacherContext context) => ModelFolder.Read(InputFile.Resolve(context.BaseFolder, Model));

    public override Teacher Build(TeacherContext context)
    {
        var folder = InputFile.Resolve(context.BaseFolder, Model);
        var (_, tokenizer) = ModelFolder.Read(folder);
        return new LanguageModelTeacher(PretrainedModel.Read(folder, context.Device), tokenizer, Temperature, LengthPower, Above);
    }
}
