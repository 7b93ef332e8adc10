using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Native;

namespace TextGan.Runs;

/// <summary>
/// The pretrained models that discriminators read features of or the generator learns from: one copy for each folder and device, frozen.
/// </summary>
/// <param name="baseFolder">Where relative paths start.</param>
public sealed class FrozenModels(string baseFolder) : IDisposable
{
    readonly Dictionary<(string Folder, string Device), Generator> models = [];

    /// <exception cref="InvalidInputException">There is no model in the folder, or it cannot be read.</exception>
    public Generator Of(string folder, Device device)
    {
        var path = InputFile.Resolve(baseFolder, folder);
        if (models.TryGetValue((path, device.ToString()), out var known)) return known;
        var model = models[(path, device.ToString())] = PretrainedModel.Read(path, device);
        Freeze(model);
        return model;
    }

    /// <summary>It learns no more.</summary>
    public static void Freeze(Generator model)
    {
        DropoutSwitch.TurnOff(model);
        foreach (var parameter in model.parameters()) parameter.requires_grad_(false);
    }

    public void Dispose()
    {
        foreach (var model in models.Values) model.Dispose();
        models.Clear();
    }
}
