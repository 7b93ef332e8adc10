using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Native;

/// <summary>Turns dropout off in a model whose gradient may still be asked for.</summary>
public static class DropoutSwitch
{
    /// <summary>Whether <see cref="TurnOff"/> leaves dropout on that is inside of a recurrent module on this device.</summary>
    public static bool LeavesFused(Device device) => device.type == TorchSharp.DeviceType.CUDA;

    /// <summary>
    /// Puts the module into evaluation mode. On CUDA its recurrent layers stay in training mode, because cuDNN has no
    /// backward pass for them otherwise. Dropout between layers of one recurrent module stays on there: discriminators stack modules of one
    /// layer, and a generator that has some is rebuilt without it for the adversarial phase.
    /// </summary>
    public static void TurnOff(nn.Module module)
    {
        module.eval();
        if (!module.parameters().Any(parameter => parameter.device_type == TorchSharp.DeviceType.CUDA)) return;
        foreach (var layer in module.modules())
            if (layer is LSTM or GRU) layer.train();
    }
}
