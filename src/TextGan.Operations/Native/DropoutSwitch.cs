using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Native;

/// <summary>
/// Turns dropout off in a model whose gradient may still be asked for. The model is looked through once: make this when it is on its
/// device.
/// </summary>
/// <param name="model">The model.</param>
public sealed class DropoutSwitch(nn.Module model)
{
    readonly nn.Module[] recurrent = model.parameters().Any(parameter => parameter.device_type == TorchSharp.DeviceType.CUDA)
        ? [.. model.modules().Where(layer => layer is LSTM or GRU)] : [];

    /// <summary>For a model that is looked at once.</summary>
    public static void TurnOff(nn.Module model) => new DropoutSwitch(model).TurnOff();

    /// <summary>Whether <see cref="TurnOff()"/> leaves dropout on that is inside of a recurrent module on this device.</summary>
    public static bool LeavesFused(Device device) => device.type == TorchSharp.DeviceType.CUDA;

    /// <summary>
    /// Puts the model into evaluation mode. On CUDA its recurrent layers stay in training mode, because cuDNN has no
    /// backward pass for them otherwise. Dropout between layers of one recurrent module stays on there: discriminators stack modules of one
    /// layer, and a generator that has some is rebuilt without it for the adversarial phase.
    /// </summary>
    public void TurnOff()
    {
        model.eval();
        foreach (var layer in recurrent) layer.train();
    }
}
