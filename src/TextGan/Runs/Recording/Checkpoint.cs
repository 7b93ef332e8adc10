using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Runs.Format;

namespace TextGan.Runs.Recording;

/// <summary>
/// One stored state of a run, three files: <c>NAME.safetensors</c> with all tensors, <c>NAME.json</c> with all other values, and
/// <c>NAME.sha256</c> with the checksums of both (<c>sha256sum --check</c> reads it). Each is written whole or not at all, the
/// last one last: a checkpoint without it does not exist.
/// </summary>
/// <param name="Folder">The run's checkpoint folder.</param>
/// <param name="Phase">"pretraining", "discriminator-pretraining" or "adversarial".</param>
/// <param name="Step">Steps of the phase that were done.</param>
public sealed record Checkpoint(string Folder, string Phase, long Step)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string Name => $"{Phase}-{Step:D8}";

    public string TensorFile => Path.Combine(Folder, Name + ".safetensors");

    public string StateFile => Path.Combine(Folder, Name + ".json");

    public string ChecksumFile => Path.Combine(Folder, Name + Ending);

    const string Ending = ".sha256";

    /// <summary>The checkpoints in a folder, oldest first: by phase, then by step.</summary>
    public static IReadOnlyList<Checkpoint> In(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*" + Ending)
            .Select(file => Parse(folder, Path.GetFileNameWithoutExtension(file))).OfType<Checkpoint>()
            .OrderBy(c => PhaseNames.Parse(c.Phase)).ThenBy(c => c.Step)];
    }

    static Checkpoint? Parse(string folder, string name)
    {
        var dash = name.LastIndexOf('-');
        if (dash < 0 || PhaseNames.Parse(name[..dash]) is null || !long.TryParse(name[(dash + 1)..], out var step) || step < 0) return null;
        var checkpoint = new Checkpoint(folder, name[..dash], step);
        return checkpoint.Name == name ? checkpoint : null;
    }

    /// <param name="bag">The state; the caller clears it.</param>
    /// <param name="interim">Whether it was written because the run was stopped, at a step where an uninterrupted run writes none.</param>
    public void Write(StateBag bag, bool interim = false)
    {
        if (File.Exists(ChecksumFile)) File.Delete(ChecksumFile); // while the other two are replaced, there is no such checkpoint
        var metadata = new Dictionary<string, string> { ["phase"] = Phase, ["step"] = Step.ToString() };
        var tensors = Checksum.Write(TensorFile, stream => SafeTensors.Write(stream, bag.Tensors, metadata));
        var state = new JsonObject { ["phase"] = Phase, ["step"] = Step, ["interim"] = interim, ["values"] = bag.Values.DeepClone() };
        var values = Checksum.Write(StateFile, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(state.ToJsonString(Indented))));
        AtomicFile.WriteText(ChecksumFile, Checksum.List([(tensors, TensorFile), (values, StateFile)]));
    }

    /// <summary>Sees whether the files are what was written.</summary>
    /// <exception cref="InvalidInputException">It is damaged or incomplete; the message names the file.</exception>
    public void Verify()
    {
        Checksum.Verify(ChecksumFile, [TensorFile, StateFile]);
        ReadState();
    }

    /// <summary>The state; the caller clears it.</summary>
    /// <param name="isVerified">Whether <see cref="Verify"/> has just been called: the checksums need not be computed again.</param>
    /// <exception cref="InvalidInputException">It is damaged or incomplete; the message names the file.</exception>
    public StateBag Read(bool isVerified = false)
    {
        if (!isVerified) Checksum.Verify(ChecksumFile, [TensorFile, StateFile]);
        var state = ReadState();
        return new StateBag(SafeTensors.Load(TensorFile).Tensors, state["values"] as JsonObject ?? []);
    }

    /// <summary>
    /// The values without the tensors, whose files are neither read nor checked. Throws <see cref="InvalidInputException"/> for a damaged
    /// file.
    /// </summary>
    public StateBag ReadValues() => new(new Dictionary<string, TorchSharp.torch.Tensor>(), ReadState()["values"] as JsonObject ?? []);

    /// <summary>See <see cref="Write"/>; false where the state cannot be read.</summary>
    public bool IsInterim
    {
        get
        {
            try
            {
                return ReadState()["interim"] is JsonValue value && value.TryGetValue<bool>(out var interim) && interim;
            }
            catch (InvalidInputException)
            {
                return false;
            }
        }
    }

    JsonObject ReadState()
    {
        try
        {
            var state = JsonNode.Parse(InputFile.ReadAllBytes(StateFile),
                documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new JsonException("it is not an object");
            _ = (state["values"] as JsonObject)?.Count; // names are decoded here
            return state;
        }
        // the latter for an escape of half a surrogate pair
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(StateFile, $"is not a readable checkpoint state ({error.Message}).");
        }
    }

    public void Delete()
    {
        File.Delete(ChecksumFile);
        File.Delete(StateFile);
        File.Delete(TensorFile);
    }
}
