using System.Text.Json;
using TorchSharp;

namespace TextGan.Generators.Pretrained;

/// <summary>The names and types of the tensors in a model's files, kept beside its config.json: JSON, name to "F32" or "BF16".</summary>
static class TensorNames
{
    const string FileName = "tensors.json";

    public static void Write(string folder, IReadOnlyDictionary<string, SafeTensorsShape> tensors) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName),
            JsonSerializer.Serialize(tensors.ToDictionary(one => one.Key, one => SafeTensors.NameOf(one.Value.Type))));

    /// <exception cref="InvalidInputException">The file is missing or damaged.</exception>
    public static IReadOnlyDictionary<string, ScalarType> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var types = new Dictionary<string, ScalarType>();
        foreach (var entry in JsonFile.Object(path).EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String || SafeTensors.TypeOf(entry.Value.GetString()!) is not { } type)
                throw new InvalidInputException(path, $"The tensor '{entry.Name}' has the unknown type {entry.Value.GetRawText()}.");
            types.Add(entry.Name, type);
        }
        return types;
    }
}
