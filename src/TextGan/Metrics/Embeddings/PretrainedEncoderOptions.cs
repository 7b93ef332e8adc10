using TextGan.Generators.Pretrained;

namespace TextGan.Metrics.Embeddings;

/// <summary>
/// A language model in Hugging Face's layout with its own tokenizer, whatever the experiment's. A text's vector is the mean of the last
/// hidden states after the start token and each of its tokens; what the model cannot read is cut.
/// </summary>
public sealed record PretrainedEncoderOptions : SentenceEncoderOptions, IFolderReader
{
    /// <summary>The model's folder; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>What the values are called after: letters, digits, '-' and '_'. Default "pretrained".</summary>
    public string Name { get; init; } = "pretrained";

    public override string NameEnd => Name;

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => ModelFolder.FilesIn(folder);

    public override IEnumerable<Problem> Validate(string path)
    {
        if (MetricInput.NameProblem(Name) is { } bad) yield return new($"{path}.name", bad);
    }

    public override SentenceEncoder Build(SentenceEncoderContext context)
    {
        var (model, tokenizer) = ModelFolder.Load(InputFile.Resolve(context.BaseFolder, Model), context.Device);
        return new PretrainedEncoder(model, tokenizer);
    }
}

/// <summary>Embeds by the states of a model of a folder.</summary>
/// <param name="model">The model; disposed of with this.</param>
/// <param name="tokenizer">Its tokenizer.</param>
public sealed class PretrainedEncoder(Generator model, ITokenizer tokenizer) : SentenceEncoder, IDisposable
{
    public override Tensor Encode(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens)
    {
        using var precise = ModelPrecision.Use(Precision.Float32); // whatever the run trains in
        return MeanStates.Of(model, tokenizer.StartId, [.. texts.Select(tokenizer.Encode)]);
    }

    public void Dispose() => model.Dispose();
}
