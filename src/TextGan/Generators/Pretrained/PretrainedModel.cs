using TextGan.Native;

namespace TextGan.Generators.Pretrained;

/// <summary>
/// Language models in Hugging Face's layout: a folder with config.json and weights as safetensors. Architectures: LlamaForCausalLM and
/// GPT2LMHeadModel. Weights of any floating type are computed with in float32.
/// </summary>
public static class PretrainedModel
{
    /// <summary>Reads a model.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <exception cref="InvalidInputException">A file is missing or damaged, or the model computes something that is not supported: all
    /// problems of its configuration at once.</exception>
    public static DecoderGenerator Read(string folder, Device device)
    {
        var config = ModelConfig.Read(folder);
        // Before memory of a size that no file has is asked for.
        var stored = ModelFiles.Tensors(folder).Values.Sum(tensor => tensor.Count);
        if (stored < config.Parameters)
            throw new InvalidInputException(folder,
                $"The files have {stored:N0} numbers; the model that {ModelConfig.FileName} describes has {config.Parameters:N0}.");
        using var unfinished = new Unfinished();
        var model = unfinished.Add(config.Build(device));
        ModelFiles.Load(folder, config, model);
        return unfinished.Finish(model);
    }

    /// <summary>The same, frozen: it does not learn.</summary>
    /// <inheritdoc cref="Read"/>
    public static DecoderGenerator ReadFrozen(string folder, Device device)
    {
        var model = Read(folder, device);
        model.eval();
        foreach (var parameter in model.parameters()) parameter.requires_grad_(false);
        return model;
    }

    /// <summary>
    /// Keeps what is needed, beside a checkpoint's weights, to build the model again and to write it as it was: config.json, and the names
    /// and types of the tensors in its files (tensors.json).
    /// </summary>
    /// <exception cref="InvalidInputException">A file is missing or damaged.</exception>
    public static void KeepLayout(string folder, string target)
    {
        using var config = InputFile.Open(Path.Combine(folder, ModelConfig.FileName));
        AtomicFile.Write(Path.Combine(target, ModelConfig.FileName), config.CopyTo);
        TensorNames.Write(target, ModelFiles.Tensors(folder));
    }
}
