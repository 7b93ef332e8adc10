using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Problems;
using TextGan.Storage;

namespace TextGan.Training;

/// <summary>
/// One stored state of a run: <c>NAME.safetensors</c> with all tensors and <c>NAME.json</c> with all other values and the
/// tensors' checksum. The JSON file is written last: a checkpoint without it does not exist.
/// </summary>
/// <param name="Folder">The run's checkpoint folder.</param>
/// <param name="Phase">"pretraining" or "adversarial".</param>
/// <param name="Step">Steps of the phase that were done.</param>
public sealed record Checkpoint(string Folder, string Phase, long Step)
{
    public string Name => $"{Phase}-{Step:D8}";

    public string TensorFile => Path.Combine(Folder, Name + ".safetensors");

    public string StateFile => Path.Combine(Folder, Name + ".json");

    /// <summary>The checkpoints in a folder, oldest first: pretraining before adversarial, then by step.</summary>
    public static IReadOnlyList<Checkpoint> In(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file).Split('-'))
            .Where(parts => parts.Length == 2 && parts[0] is "pretraining" or "adversarial" && long.TryParse(parts[1], out _))
            .Select(parts => new Checkpoint(folder, parts[0], long.Parse(parts[1])))
            .OrderByDescending(c => c.Phase, StringComparer.Ordinal).ThenBy(c => c.Step)];
    }

    public void Write(StateBag bag)
    {
        SafeTensors.Save(TensorFile, bag.Tensors, new Dictionary<string, string> { ["phase"] = Phase, ["step"] = Step.ToString() });
        var state = new JsonObject
        {
            ["phase"] = Phase,
            ["step"] = Step,
            ["sha256"] = Checksum(),
            ["values"] = bag.Values.DeepClone(),
        };
        AtomicFile.WriteText(StateFile, state.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    /// <summary>Throws <see cref="InvalidInputException"/> for a damaged or incomplete checkpoint. The caller clears the bag.</summary>
    public StateBag Read()
    {
        JsonObject state;
        string? sha256;
        try
        {
            state = JsonNode.Parse(File.ReadAllText(StateFile), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("not an object");
            // Names and texts are read when they are asked for, and half a surrogate pair shows only then.
            sha256 = state["sha256"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
            _ = (state["values"] as JsonObject)?.Count;
        }
        catch (Exception error) when (error is JsonException or IOException or InvalidOperationException)
        {
            throw new InvalidInputException(StateFile, $"is no readable checkpoint state ({error.Message}).");
        }
        if (!File.Exists(TensorFile)) throw new InvalidInputException(TensorFile, "is missing; the checkpoint is incomplete.");
        var found = Checksum();
        if (sha256 != found)
            throw new InvalidInputException(TensorFile, $"does not have the checksum that {Path.GetFileName(StateFile)} names; it is damaged.");
        return new StateBag(SafeTensors.Load(TensorFile).Tensors, state["values"] as JsonObject ?? []);
    }

    public void Delete()
    {
        File.Delete(StateFile);
        File.Delete(TensorFile);
    }

    string Checksum()
    {
        using var file = File.OpenRead(TensorFile);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
