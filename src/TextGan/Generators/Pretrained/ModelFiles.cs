using System.Text.Json;
using TextGan.Native;
using TorchSharp;

namespace TextGan.Generators.Pretrained;

/// <summary>The weights in a folder of Hugging Face's layout: model.safetensors, or several files that an index names.</summary>
static class ModelFiles
{
    public const string Single = "model.safetensors";
    const string Index = "model.safetensors.index.json";

    /// <summary>The full paths of the files that hold a model: configuration, index, weights.</summary>
    /// <exception cref="InvalidInputException">There are no weights, or the index is damaged.</exception>
    public static IReadOnlyList<string> Of(string folder) =>
    [
        Path.Combine(folder, ModelConfig.FileName),
        .. File.Exists(Path.Combine(folder, Single)) ? [] : (string[])[Path.Combine(folder, Index)],
        .. Weights(folder),
    ];

    /// <summary>The full paths of the files that hold weights.</summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static IReadOnlyList<string> Weights(string folder)
    {
        var (single, index) = (Path.Combine(folder, Single), Path.Combine(folder, Index));
        if (File.Exists(single)) return [single];
        if (!File.Exists(index))
            throw new InvalidInputException(folder,
                $"The folder has no weights: neither {Single} nor {Index} is there. Weights of another format must be saved so.");
        if (!JsonFile.Object(index).TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new InvalidInputException(index, "The file has no object 'weight_map' from tensor to file.");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String || entry.Value.GetString() is not { Length: > 0 } name
                || name != Path.GetFileName(name))
                throw new InvalidInputException(index,
                    $"The tensor '{entry.Name}' is said to be in {entry.Value.GetRawText()}; the name of a file in the same folder is " +
                    $"needed.");
            names.Add(name);
        }
        return names.Count > 0 ? [.. names.Select(name => Path.Combine(folder, name))]
            : throw new InvalidInputException(index, "The object 'weight_map' is empty.");
    }

    /// <summary>The type of each tensor in the files, by its name there.</summary>
    /// <exception cref="InvalidInputException">A file is missing or damaged.</exception>
    public static IReadOnlyDictionary<string, SafeTensorsShape> Tensors(string folder) =>
        Weights(folder).SelectMany(SafeTensors.Shapes).DistinctBy(tensor => tensor.Key).ToDictionary();

    /// <summary>Gives a model of the folder's shape the folder's weights.</summary>
    /// <exception cref="InvalidInputException">A file is missing or damaged, or holds other tensors than the model.</exception>
    public static void Load(string folder, ModelConfig config, Generator model)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var files = new Unfinished();
        var weights = new Dictionary<string, Tensor>();
        var problems = new List<Problem>();
        foreach (var path in Weights(folder))
        {
            foreach (var (name, tensor) in files.Add(SafeTensors.Load(path)).Tensors)
            {
                if (config.NameInModel(name) is not { } known) continue;
                if (!is_floating_point(tensor))
                    problems.Add(new(path, $"the tensor '{name}' is {tensor.dtype}; F32, F16 or BF16 is allowed."));
                if (!weights.TryAdd(known, config.IsTransposed(known) && tensor.dim() == 2 ? tensor.t() : tensor))
                    problems.Add(new(path, $"the tensor '{name}' is in the model's files twice."));
            }
        }
        if (config.Tied && weights.Remove("lm_head.weight", out var head)
            && weights.TryGetValue(config.Embedding, out var embedding) && !AreEqual(head, embedding))
            problems.Add(new(folder, $"'tie_word_embeddings' is true in {ModelConfig.FileName}, but 'lm_head.weight' is not equal to " +
                $"'{config.Embedding}'; with false it is loaded as it is."));
        if (problems.Count > 0) throw new InvalidInputException(problems);
        NamedWeights.Load(model, weights, folder);
    }

    static bool AreEqual(Tensor one, Tensor other) => one.shape.SequenceEqual(other.shape) && one.eq(other).all().item<bool>();
}
