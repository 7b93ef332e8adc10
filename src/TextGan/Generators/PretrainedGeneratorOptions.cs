using TextGan.Generators.Lora;
using TextGan.Generators.Pretrained;
using TextGan.Native;

namespace TextGan.Generators;

/// <summary>
/// A language model that others trained, in Hugging Face's layout: a folder with config.json and model.safetensors, or several
/// safetensors files with model.safetensors.index.json. Architectures: LlamaForCausalLM and GPT2LMHeadModel. Weights may be float32,
/// float16 or bfloat16; they are computed with and trained in float32, without dropout. What a config.json asks for and is not supported
/// is rejected. An experiment that names no 'tokenizer' takes the one in this folder.
/// </summary>
public sealed record PretrainedGeneratorOptions : GeneratorOptions, IFolderReader
{
    /// <summary>The model's folder; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Path { get; init; } = "";

    /// <summary>
    /// Low-rank adapters: they alone learn, and the model's weights stay as they are. null (default): all weights learn. Checkpoints
    /// then hold the adapters only, so that the model's folder must stay where it is.
    /// </summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>
    /// Whether only the input of each layer is kept for the backward pass, and the rest computed once more in it (1604.06174): less memory
    /// for a third more time. Applies where texts are read as a whole (likelihood, policy gradients), not to the steps of
    /// Gumbel-softmax. Default false.
    /// </summary>
    public bool CheckpointActivations { get; init; }

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => ModelFiles.Of(folder);

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFiles(string path, string baseFolder, int length)
    {
        var folder = InputFile.Resolve(baseFolder, Path);
        if (!Directory.Exists(folder)) return []; // reported as a missing file
        try
        {
            var config = ModelConfig.Read(folder);
            ModelFiles.Weights(folder);
            return
            [
                .. length <= config.MaximumLength ? (Problem[])[]
                    : [new("$.length", $"is {length}; the generator's model reads at most {config.MaximumLength} tokens ({folder}).")],
                .. Lora?.CheckTargets(path + ".lora", config.LinearLayers.Select(linear => linear.Name)) ?? [],
            ];
        }
        catch (InvalidInputException bad)
        {
            return bad.Problems.Select(problem => new Problem(path + ".path", problem.ToString()));
        }
    }

    /// <inheritdoc />
    public override Generator Build(GeneratorContext context)
    {
        var folder = InputFile.Resolve(context.BaseFolder, Path);
        var config = ModelConfig.Read(folder);
        if (config.VocabularySize != context.VocabularySize)
            throw new InvalidInputException("$.generator.path",
                $"the model has a vocabulary of {config.VocabularySize:N0}; the tokenizer has " +
                $"{Amount.Of(context.VocabularySize, "token")}. The model's own tokenizer is needed: " +
                "leave 'tokenizer' out.");
        using var unfinished = new Unfinished();
        // Adapters learn beside the model's own weights, which no checkpoint has.
        var model = unfinished.Add(context.ReadsWeights || Lora is not null ? PretrainedModel.Read(folder, context.Device)
            : config.Build(context.Device));
        model.CheckpointActivations = CheckpointActivations;
        return unfinished.Finish<Generator>(Lora is null ? model : new LoraGenerator(model, Lora));
    }
}
